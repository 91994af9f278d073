using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.ContextMixing;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// The decisions of whole messages in protocol-spec/vectors/language.json, which the plain reference made.
/// </summary>
public sealed class LanguageMessageVectorTests
{
    private const string Feature = "language";

    public static TheoryData<string> Messages => VectorFile.Names(Feature, "valid", "messages");

    [Theory]
    [MemberData(nameof(Messages))]
    [Spec("11.1-1"), Spec("11.1-2"), Spec("11.3-1"), Spec("11.3-2"), Spec("11.3-3"), Spec("11.3-4"), Spec("11.4-1")]
    [Spec("11.4-2"), Spec("11.4-3"), Spec("11.4-4")]
    [Spec("11.5-1"), Spec("11.5-2"), Spec("11.5-3"), Spec("11.5-4"), Spec("11.5-5"), Spec("11.5-6"), Spec("11.5-7")]
    [Spec("11.5-8"), Spec("11.5-9")]
    [Spec("11.6-1"), Spec("11.7-1"), Spec("11.7-2"), Spec("11.7-3"), Spec("11.7-4"), Spec("11.8-1"), Spec("11.8-2")]
    public void Messages_become_the_reference_s_decisions(string name)
    {
        JsonElement vector = VectorFile.Find(Feature, "valid", "messages", name);
        using LanguagePredictor predictor = Load(Security.VectorFile.Read(Feature).GetProperty("models")[0],
            vector.TryGetProperty("context_mixing", out JsonElement mixing) ? mixing.GetString()! : "context_mixing");
        StreamContext context = predictor.CreateContext();
        JsonElement[] absorbed = [.. vector.GetProperty("absorbed").EnumerateArray()];
        Array.ForEach(absorbed, message => ContextMixingRun.Absorb(
            predictor, context, Convert.FromHexString(message.GetString()!)));
        using PredictorLanes lanes = predictor.CreateEncodingLanes(1);
        var hint = (ContentHint)FormulaModel.Hint(vector.GetProperty("hint").GetString()!);
        Decision[] found = ContextMixingRun.Decide(lanes, predictor.FrequencyBits, vector.Hex("message"), hint,
            absorbed.Length == 0 ? null : context);
        Assert.Equal(
            vector.GetProperty("first")
                .EnumerateArray().Select(slice => new Decision(slice[0].GetUInt32(), slice[1].GetUInt32())),
            found.Take(vector.GetProperty("first").GetArrayLength()));
        Assert.Equal((vector.GetProperty("count").GetInt32(), vector.GetProperty("crc32c").GetUInt32()),
            (found.Length, Check(found)));
    }

    private static LanguagePredictor Load(JsonElement model, string which)
    {
        ContextMixingPredictor mixing = FormulaModel.Load(model.GetProperty(which),
            SnapshotManifest.LanguageFrequencyBits);
        int[] shape = [.. model.GetProperty("shape").EnumerateArray().Select(number => number.GetInt32())];
        return new LanguagePredictor(new LanguageModel(
            OnnxTransformer.Load(TensorStoreReader.Read(model.Hex("store"), "vector"), GraphForm.UInt8,
                OnnxTransformer.DefaultOptions),
            new BytePairTokenizer(TokenizerFile.Read(model.Hex("tokenizer"), "vector")),
            mixing,
            WeightsTable.Parse(File.ReadAllBytes(TestSnapshots.Find("models/snapshots/mixed-1/weights-table.bin"))),
            new TokenNetworkShape(shape[0], shape[1], shape[2], shape[3]),
            PreambleSet.Parse(model.Hex("preambles"), mixing.Model.ProfileHints.Count, shape[0],
                Math.Min(1024, shape[3] - 1), "vector")));
    }

    private static uint Check(Decision[] decisions)
    {
        byte[] bytes = new byte[8 * decisions.Length];
        for (int i = 0; i < decisions.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8 * i), decisions[i].Cumulative);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((8 * i) + 4), decisions[i].Frequency);
        }

        return ~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C);
    }
}
