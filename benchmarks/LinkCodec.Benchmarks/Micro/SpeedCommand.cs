using System.Globalization;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>Message bytes a second of processor time, on one thread: what a busy machine does not distort as it does wall time.</summary>
internal static class SpeedCommand
{
    private const int Length = 256;
    private const int Runs = 7;
    private static readonly TimeSpan ShortestRun = TimeSpan.FromSeconds(0.2);

    public static int Run()
    {
        using AdaptiveBytePredictor none = new();
        Console.WriteLine("| model | streams | encoded bytes/s | decoded bytes/s |");
        Console.WriteLine("|---|---|---|---|");
        foreach ((string name, Predictor model) in new (string, Predictor)[] { ("bytes-1", Samples.Model), ("none", none) })
        {
            foreach (int lanes in new[] { 1, 8, 32, 64 })
            {
                Console.WriteLine(Row(name, model, lanes));
            }
        }

        return 0;
    }

    private static string Row(string name, Predictor model, int lanes)
    {
        OutgoingMessage[] messages = Samples.Messages(4 * lanes, Length);
        using MessageEncoder encoder = new(model, lanes, Samples.UnitSize);
        using FrameDecoder decoder = new(model, lanes);
        List<ReceivedFrame> frames = [];
        double encoding = BytesPerSecond(messages.Length, () =>
        {
            EncodingBatch batch = new(messages);
            encoder.Run(batch);
            frames = Samples.Frames(batch.ToArray(), model.FrequencyBits);
        });
        double decoding = BytesPerSecond(messages.Length, () => decoder.Run(new DecodingBatch(frames)));
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {lanes} | {encoding:F0} | {decoding:F0} |");
    }

    // The first run warms up; of the others the median counts. A short action is repeated, as the clock of processor time is coarse.
    private static double BytesPerSecond(int messages, Action action)
    {
        double[] speeds = new double[Runs + 1];
        for (int run = 0; run <= Runs; run++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            TimeSpan taken;
            long bytes = 0;
            do
            {
                action();
                bytes += messages * Length;
                taken = Environment.CpuUsage.TotalTime - start;
            }
            while (taken < ShortestRun);

            speeds[run] = bytes / taken.TotalSeconds;
        }

        return speeds.Skip(1).Order().ElementAt(Runs / 2);
    }
}
