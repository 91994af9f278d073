using System.CommandLine;
using System.Globalization;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// <c>overhead</c>: what the range coder adds to the logarithms of the model's frequencies, over messages that share
/// range codes as on a link.
/// </summary>
internal static class OverheadCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        DevArguments arguments = new();
        Command overhead = new("overhead", "What the range coder adds to the model's own figures.");
        foreach (Option option in arguments.OfData)
        {
            overhead.Options.Add(option);
        }

        examples[overhead] = "LinkCodec.Benchmarks overhead --sample 150";
        overhead.SetAction(parsed => Run(arguments.Read(parsed)));
        return overhead;
    }

    private static int Run(DevOptions? asked)
    {
        if (asked is not { } options)
        {
            Console.WriteLine("skipped: no development data; name a folder with dev/ and train/ in it: --data DIR");
            return 0;
        }

        using Snapshot snapshot = SnapshotStore.Default.Load(options.Snapshot);
        Information information = new();
        (long code, int messages) = (0, 0);
        foreach (string file in DevFiles.List(options.Data)
            .Where(file => file.Contains(options.Files, StringComparison.Ordinal)))
        {
            List<byte[]> pieces = DevFiles.Load(Path.Combine(options.Data, "dev", file), options.Cut)
                .Draw(options.Sample);
            code += SharedCodes(snapshot.Predictor, pieces);
            messages += pieces.Count;
            information += InformationMeter.Of(snapshot.Predictor, pieces, options.Threads);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Range codes of {messages} messages: "
                + $"{code} bytes. Over the model's frequencies ({information.OfFrequencies / 8:F0} bytes): "
                + $"{((8.0 * code / information.OfFrequencies) - 1) * 100:F3} %."));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Over its weights before they are quantised ({information.OfWeights / 8:F0} bytes): "
                + $"{((8.0 * code / information.OfWeights) - 1) * 100:F3} %. Symbols of weight 0 that came: "
                + $"{information.WithoutWeight}."));
        return 0;
    }

    // Bytes of range codes that fill units, each message from the start state, as the model's figures are.
    private static long SharedCodes(Predictor model, IEnumerable<byte[]> messages)
    {
        using PredictorLanes lanes = model.CreateLanes(1);
        DecisionList decisions = new(model.FrequencyBits);
        long bytes = 0;
        foreach (byte[] message in messages)
        {
            lanes.BeginEncode(0, message, ContentHint.Auto, null, decisions);
            foreach (byte value in message)
            {
                lanes.Encode(0, value, decisions);
                decisions.DropItems();
                if (lanes.NeedsStep(0))
                {
                    lanes.Step([value]);
                }
            }

            lanes.Encode(0, Predictor.EndSymbol, decisions);
            if (decisions.MaxLength >= Samples.UnitSize)
            {
                bytes += decisions.Finish().Length;
                decisions.Clear();
            }
        }

        return bytes + decisions.Finish().Length;
    }
}
