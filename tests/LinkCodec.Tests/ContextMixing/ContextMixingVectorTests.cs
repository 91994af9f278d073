using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>The decisions of protocol-spec/vectors/context-mixing.json, which the plain reference made.</summary>
public sealed class ContextMixingVectorTests
{
    private const int QuickBytes = 130; // of a vector, for the slow reference

    private static readonly JsonElement Models = Security.VectorFile.Read("context-mixing").GetProperty("models");

    public static TheoryData<string> Decisions => VectorFile.Names("context-mixing", "valid", "decisions");

    public static TheoryData<string> Contents => VectorFile.Names("context-mixing", "must_reject", "content");

    [Theory]
    [MemberData(nameof(Decisions))]
    [Spec("10.1-1"), Spec("10.1-2"), Spec("10.1-3"), Spec("10.1-4"), Spec("10.2-1"), Spec("10.2-2"), Spec("10.2-3")]
    [Spec("10.2-4")]
    [Spec("10.3-1"), Spec("10.3-2"), Spec("10.3-3"), Spec("10.3-4"), Spec("10.3-5"), Spec("10.4-1"), Spec("10.4-2")]
    [Spec("10.4-3")]
    [Spec("10.5-1"), Spec("10.5-2"), Spec("10.5-3"), Spec("10.5-4"), Spec("10.5-5"), Spec("10.5-6"), Spec("10.5-7")]
    [Spec("10.6-1"), Spec("10.6-2"), Spec("10.6-3"), Spec("10.6-4"), Spec("10.6-5"), Spec("10.6-6"), Spec("10.6-7")]
    [Spec("10.6-8")]
    [Spec("10.7-1"), Spec("10.7-2"), Spec("10.8-1"), Spec("10.8-2"), Spec("10.9-1"), Spec("10.9-2"), Spec("10.9-3")]
    [Spec("10.9-4")]
    public void Messages_become_the_spec_s_decisions(string name)
    {
        JsonElement vector = VectorFile.Find("context-mixing", "valid", "decisions", name);
        using ContextMixingPredictor predictor = FormulaModel.Load(
            Models.GetProperty(vector.GetProperty("model").GetString()!));
        StreamContext context = predictor.CreateContext();
        JsonElement[] absorbed = [.. vector.GetProperty("absorbed").EnumerateArray()];
        foreach (JsonElement message in absorbed)
        {
            ContextMixingRun.Absorb(predictor, context, Bytes(message));
        }

        byte[] coded = Bytes(vector.GetProperty("message"));
        var hint = (ContentHint)FormulaModel.Hint(vector.GetProperty("hint").GetString()!);
        Decision[] decisions = ContextMixingRun.Decide(predictor, coded, hint, absorbed.Length == 0 ? null : context);
        Assert.Equal(2 + (9 * coded.Length), decisions.Length);
        Assert.Equal((vector.GetProperty("slice")[0].GetUInt32(), vector.GetProperty("slice")[1].GetUInt32()),
            (decisions[0].Cumulative, decisions[0].Frequency));
        byte[] slots = [.. decisions.Skip(1).Select(d => d.Cumulative == 0 ? d.Frequency : d.Cumulative)
            .SelectMany(no => (byte[])[(byte)(no >> 8), (byte)no])];
        if (vector.TryGetProperty("crc32c", out JsonElement check))
        {
            Assert.Equal(check.GetUInt32(), ~slots.Aggregate(uint.MaxValue, BitOperations.Crc32C));
        }
        else
        {
            Assert.Equal(vector.GetProperty("no").GetString(), Convert.ToHexStringLower(slots));
        }

        Assert.Equal(coded,
            ContextMixingCode.Decode(predictor, ContextMixingCode.Encode(predictor, coded, hint, context), context));
    }

    [Theory]
    [MemberData(nameof(Contents))]
    [Spec("10.10-2"), Spec("10.10-3")]
    public void What_the_spec_s_reader_refuses_is_refused(string name)
    {
        JsonElement vector = VectorFile.Find("context-mixing", "must_reject", "content", name);
        byte[] content = FormulaModel.Content(Models.GetProperty("alone"));
        Assert.True(ContextMixingFile.TryReadContent(content, null, out _, out _));
        if (vector.TryGetProperty("more", out JsonElement more))
        {
            Array.Resize(ref content, content.Length + more.GetInt32());
        }
        else
        {
            Convert.FromHexString(vector.GetProperty("bytes").GetString()!)
                .CopyTo(content, vector.GetProperty("at").GetInt32());
        }

        Assert.False(ContextMixingFile.TryReadContent(content, null, out MixingModel? model, out string fault));
        Assert.True(model is null && fault.Length > 0);
    }

    [PythonFact]
    public void The_plain_reference_agrees_with_the_short_vectors() => RunReference(QuickBytes);

    [PythonFact]
    [Trait("Category", "Long")]
    public void The_plain_reference_agrees_with_all_vectors() => RunReference(int.MaxValue);

    private static void RunReference(int bytes)
    {
        string script = Path.Combine(VectorFile.SpecFolder, "reference", "context_mixing_vectors.py");
        var start = new ProcessStartInfo(PythonFactAttribute.Python!, ["-B", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CONTEXT_MIXING_QUICK"] = $"{bytes}";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        Assert.Matches(@"\d\d vectors held", output);
    }

    // Hex, or hex and how often.
    private static byte[] Bytes(JsonElement entry) => entry.ValueKind == JsonValueKind.String
        ? Convert.FromHexString(entry.GetString()!)
        : [.. Enumerable.Repeat(Convert.FromHexString(entry[0].GetString()!), entry[1].GetInt32())
            .SelectMany(unit => unit)];
}
