using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks.Dev;

/// <summary><c>dev</c>: every file of the development data, message by message, through the codec and its peers.</summary>
internal static class DevCommand
{
    private const uint SampleSeed = 1;

    public static async Task<int> RunAsync(string[] arguments)
    {
        string? given = Options.Text(arguments, "--data");
        int sample = Options.Number(arguments, "--sample", 0);
        int cut = Options.Number(arguments, "--cut", 1000);
        int threads = Options.Number(arguments, "--threads", 0);
        string only = Options.Text(arguments, "--only") ?? "";
        bool withPeers = !arguments.Contains("--no-peers");
        if (DevFiles.Find(given) is not { } data)
        {
            Console.WriteLine("skipped: no development data; name a folder with dev/ and train/ in it: --data DIR");
            return 0;
        }

        using Snapshot snapshot = SnapshotStore.Default.Load();
        using CodecMeasurement codec = new(snapshot.Predictor, threads);
        Console.WriteLine($"Snapshot {snapshot.Manifest!.Label}, {snapshot.Name}. Bits per byte, messages cut at {cut} bytes, at most {sample} a file (0: all), seed {SampleSeed}.");
        Console.WriteLine();
        List<FileResult> results = [];
        DevTable.PrintHead();
        foreach (string file in DevFiles.List(data).Where(file => file.Contains(only, StringComparison.Ordinal)))
        {
            List<byte[]> messages = DevFiles.Read(Path.Combine(data, "dev", file), cut);
            if (sample > 0)
            {
                new PythonRandom(SampleSeed).Shuffle(messages);
                messages = [.. messages.Take(sample)];
            }

            FileResult result = await codec.MeasureAsync(file[..^".xz".Length], messages);
            if (withPeers)
            {
                result = result with { Peers = PeerColumns.Measure(messages, Path.Combine(data, "train", file)) };
            }

            results.Add(result);
            DevTable.PrintRow(result);
        }

        DevTable.PrintSummary(results);
        return 0;
    }
}
