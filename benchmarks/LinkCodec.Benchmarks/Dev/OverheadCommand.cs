using System.CommandLine;
using System.Globalization;
using LinkCodec.Core.Compression;
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
            EncodedMessage[] coded = [.. ColdMeasurement.Encode(snapshot.Predictor, pieces)
                .Where(message => !message.IsStored && !message.IsLarge)];
            UnitPacker packer = new(Samples.UnitSize, snapshot.Predictor.FrequencyBits);
            Array.ForEach(coded, packer.Add);
            while (packer.HasPending)
            {
                code += packer.Build().CodedBytes;
            }

            messages += coded.Length;
            information += InformationMeter.Of(snapshot.Predictor,
                coded.Select(message => message.Source.Content.ToArray()), options.Threads);
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
}
