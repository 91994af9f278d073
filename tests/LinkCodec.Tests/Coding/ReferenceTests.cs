using System.Diagnostics;
using System.Text.Json;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Prediction;
using Xunit;
using Xunit.Abstractions;

namespace LinkCodec.Tests.Coding;

/// <summary>
/// Fresh cases of this run, put to the plain reference in protocol-spec/reference. Skipped where Python 3 is absent.
/// </summary>
public class ReferenceTests(ITestOutputHelper output)
{
    [PythonFact]
    public void The_reference_agrees_on_fresh_random_cases()
    {
        ulong seed = Core.Primitives.RandomSource.System.NextUInt64();
        output.WriteLine($"Seed {seed}.");
        string cases = JsonSerializer.Serialize(
            new { feature = "fresh", valid = Cases(new TestRandom(seed)), must_reject = Array.Empty<object>() });
        (int exit, string said) = Replay(cases);
        Assert.True(exit == 0 && said.Trim() == "36", $"Seed {seed}: {said}");
    }

    private static List<object> Cases(TestRandom random)
    {
        var cases = new List<object>();
        using var predictor = new AdaptiveBytePredictor();
        for (int i = 0; i < 12; i++)
        {
            Interval[] intervals = random.Intervals(random.Next(150));
            uint[][] listed = [.. intervals.Select(v => new[] { v.Cumulative, v.Frequency, (uint)v.Bits })];
            cases.Add(new { kind = "intervals", name = $"code {i}", intervals = listed,
                code = Convert.ToHexString(Coder.Encode(intervals)) });

            byte[] text = Text(random, random.Next(120));
            cases.Add(new { kind = "baseline", name = $"weights {i}", message = Convert.ToHexString(text),
                crc32c = PredictionVectorTests.Check(text) });

            byte[][] messages = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Text(random, random.Next(60)))];
            byte[] frame = PlainFrame.Write((ulong)random.Next(1 << 20), messages, predictor, i % 2 == 0);
            ulong first = PlainFrame.Read(frame, predictor)![0].Number;
            string[] hex = [.. messages.Select(Convert.ToHexString)];
            cases.Add(
                new { kind = "frame", name = $"frame {i}", first, messages = hex, frame = Convert.ToHexString(frame) });
        }

        return cases;
    }

    private static byte[] Text(TestRandom random, int length)
    {
        byte[] bytes = random.Bytes(length);
        ReadOnlySpan<byte> few = "ab, .\n\"1E\u00e9"u8;
        bool plain = random.Next(3) > 0;
        for (int i = 0; plain && i < length; i++)
        {
            bytes[i] = few[bytes[i] % few.Length];
        }

        return bytes;
    }

    private static (int Exit, string Said) Replay(string cases)
    {
        string script = Path.Combine(VectorFile.SpecFolder, "reference", "replay.py");
        using Process process = Process.Start(new ProcessStartInfo(PythonFactAttribute.Python!, ["-B", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> said = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(cases);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, said.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }
}
