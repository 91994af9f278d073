using System.Diagnostics;
using LinkCodec.Benchmarks.Micro;
using LinkCodec.Benchmarks.WholeProcess;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// Message bytes a second: of processor time by one worker, of wall time by two. Loading and memory: of fresh
/// processes.
/// </summary>
internal static class LanguageSpeed
{
    /// <summary>Streams of a worker.</summary>
    public static readonly int[] Streams = [1, 8, 32];

    private const int Workers = 2;
    private const int Runs = 3;
    private const int Starts = 3;

    /// <summary>Measures.</summary>
    /// <param name="model">The snapshot's predictor.</param>
    /// <param name="snapshot">The path or label by which a fresh process finds the snapshot.</param>
    /// <param name="english">Messages, repeated where they are too few.</param>
    /// <param name="streams">The streams of a worker.</param>
    public static LanguageSpeedFigures Measure(Predictor model, string snapshot,
        IReadOnlyList<byte[]> english, int streams)
    {
        OutgoingMessage[] messages = [.. Enumerable.Range(0, Workers * streams)
            .Select(i => new OutgoingMessage((ulong)i, english[i % english.Count]))];
        long bytes = messages.Sum(message => (long)message.Content.Length);
        MessageEncoder[] encoders = [.. Enumerable.Range(0, Workers)
            .Select(_ => new MessageEncoder(model, streams))];
        FrameDecoder[] decoders = [.. Enumerable.Range(0, Workers).Select(_ => new FrameDecoder(model, streams))];
        try
        {
            List<IReadOnlyList<DataFrame>> units = [];
            double encode = SpeedCommand.BytesPerSecond(bytes, Runs, () =>
            {
                LoneMessages batch = new(model, messages);
                encoders[0].Run(batch);
                units = Samples.Units(batch.Take());
            });
            double decode = SpeedCommand.BytesPerSecond(bytes, Runs, () => decoders[0].Run(new DecodingBatch(units)));
            double encodeWall = Wall(bytes, () =>
            {
                LoneMessages batch = new(model, messages);
                Parallel.ForEach(encoders, encoder => encoder.Run(batch, streams));
            });
            double decodeWall = Wall(bytes, () =>
            {
                DecodingBatch batch = new(units);
                Parallel.ForEach(decoders, decoder => decoder.Run(batch, streams));
            });
            Dictionary<string, double> fresh = OwnProcess.Median(Starts,
                () => OwnProcess.Run([.. OwnProcess.Command(), .. OwnProcess.FirstMessage(streams, snapshot)]));
            return new LanguageSpeedFigures(
                streams, encode, decode, encodeWall, decodeWall,
                fresh[FirstMessage.PeakMemory], fresh[FirstMessage.LoadTime], fresh[FirstMessage.FirstByte],
                fresh[FirstMessage.LoadedMemory]);
        }
        finally
        {
            Array.ForEach(encoders, encoder => encoder.Dispose());
            Array.ForEach(decoders, decoder => decoder.Dispose());
        }
    }

    // The first run warms up; of the others the median counts.
    private static double Wall(long bytes, Action action)
    {
        double[] speeds = new double[Runs];
        action();
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            speeds[run] = bytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return speeds.Order().ElementAt(Runs / 2);
    }
}
