using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>protocol-spec/vectors/language.json, which the plain reference made.</summary>
public sealed class LanguageVectorTests
{
    private const string Feature = "language";

    public static TheoryData<string> Networks => VectorFile.Names(Feature, "valid", "network");

    public static TheoryData<string> Tokenizers => VectorFile.Names(Feature, "valid", "tokens");

    public static TheoryData<string> BadTokenizers => VectorFile.Names(Feature, "must_reject", "tokens");

    [Theory]
    [MemberData(nameof(Networks))]
    [Spec("11.9-1")]
    [Spec("11.9-2")]
    [Spec("11.9-3")]
    public void A_network_s_logits_are_the_reference_s_to_the_last_bit_in_every_form(string name)
    {
        JsonElement vector = VectorFile.Find(Feature, "valid", "network", name);
        byte[] store = vector.Hex("store");
        int[] tokens = [.. vector.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32())];
        string[] expected = [.. vector.GetProperty("logits").EnumerateArray().Select(row => row.GetString()!)];
        foreach (GraphForm form in (GraphForm[])[GraphForm.UInt8, GraphForm.Int8, GraphForm.Float])
        {
            using OnnxTransformer network = OnnxTransformer.Load(TensorStoreReader.Read(store, name), form,
                OnnxTransformer.DefaultOptions);
            using KvCache cache = network.CreateCache(2);
            Assert.Equal(expected, Rows(cache.Append(0, tokens, tokens.Length), network.Vocabulary));

            // One by one, in the second row.
            Assert.Equal(expected,
                tokens.Select(token => Rows(cache.Append(1, [token], 1), network.Vocabulary).Single()));
        }
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    [Spec("11.10-1")]
    [Spec("11.10-2")]
    [Spec("11.10-3")]
    [Spec("11.10-4")]
    [Spec("11.10-5")]
    [Spec("11.10-6")]
    [Spec("11.10-7")]
    [Spec("11.10-8")]
    [Spec("11.10-9")]
    [Spec("11.10-10")]
    [Spec("11.10-11")]
    public void Messages_are_cut_as_the_reference_cuts_them(string name)
    {
        JsonElement vector = VectorFile.Find(Feature, "valid", "tokens", name);
        BytePairTokenizer tokenizer = new(TokenizerFile.Read(vector.Hex("file"), name));
        foreach ((JsonElement message, JsonElement elements) in vector.GetProperty("messages").EnumerateArray()
            .Zip(vector.GetProperty("elements").EnumerateArray()))
        {
            List<int> cut = [];
            tokenizer.Encode(Convert.FromHexString(message.GetString()!), cut);
            Assert.Equal(elements.EnumerateArray().Select(element => element.GetInt32()), cut);
        }
    }

    [Theory]
    [MemberData(nameof(BadTokenizers))]
    [Spec("11.10-1")]
    [Spec("11.10-2")]
    public void What_the_reference_refuses_is_refused(string name)
    {
        LinkException error = Assert.Throws<LinkException>(
            () => TokenizerFile.Read(VectorFile.Find(Feature, "must_reject", "tokens", name).Hex("file"), "vector"));
        Assert.Equal(LinkErrorCode.SnapshotAltered, error.Code);
    }

    [PythonFact]
    public void The_plain_reference_agrees_with_the_vectors()
    {
        string script = Path.Combine(VectorFile.SpecFolder, "reference", "language_vectors.py");
        using Process process = Process.Start(new ProcessStartInfo(PythonFactAttribute.Python!, ["-B", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        Assert.Matches(@"\d\d vectors held", output);
    }

    private static string[] Rows(ReadOnlySpan<float> logits, int vocabulary)
    {
        byte[] bytes = MemoryMarshal.AsBytes(logits).ToArray();
        return [.. bytes.Chunk(4 * vocabulary).Select(Convert.ToHexStringLower)];
    }
}
