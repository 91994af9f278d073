using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// What a fresh process does until its first message is coded and decoded; prints when each stage was reached.
/// </summary>
internal static class FirstMessage
{
    /// <summary>The command's name; used by <see cref="OwnProcess"/> alone.</summary>
    public const string CommandName = "first-message";

    /// <summary>Names of figures, for those who ask for them.</summary>
    public const string LoadTime = "snapshot loaded after runtime, ms";

    /// <inheritdoc cref="LoadTime"/>
    public const string FirstByte = "first byte after snapshot, ms";

    /// <inheritdoc cref="LoadTime"/>
    public const string LoadedMemory = "working set after loading, MB";

    /// <inheritdoc cref="LoadTime"/>
    public const string PeakMemory = "largest working set, MB";

    private const int MessageLength = 100;

    public static Command Create()
    {
        Argument<long> start = new("START")
        {
            Description = "The monotonic clock when the parent started this process.",
        };
        Argument<int> lanes = new("STREAMS");
        Argument<string> snapshot = new("SNAPSHOT");
        Command command = new(CommandName, "For process and speed.") { start, lanes, snapshot };
        command.Hidden = true;
        command.SetAction(parsed => Run(parsed.GetValue(start), parsed.GetValue(lanes), parsed.GetValue(snapshot)!));
        return command;
    }

    private static int Run(long start, int lanes, string name)
    {
        double started = Report("runtime started, ms", start);
        using Snapshot snapshot = SnapshotStore.Default.Load(name);
        double loaded = Report("snapshot loaded, ms", start);
        Print(LoadTime, loaded - started);
        Print(LoadedMemory, Environment.WorkingSet / 1e6);

        using MessageEncoder encoder = new(snapshot.Predictor, lanes);
        Encode(snapshot.Predictor, encoder, [new OutgoingMessage(0, new byte[] { (byte)'A' })]);
        Print(FirstByte, Report("first byte coded, ms", start) - loaded);

        OutgoingMessage[] messages = Samples.Messages(lanes, MessageLength);
        CodedMessages[] coded = Encode(snapshot.Predictor, encoder, messages);
        Report("messages of 100 bytes coded, ms", start);

        if (!Decode(snapshot.Predictor, coded, lanes)
            .SequenceEqual(messages.Select(message => Convert.ToHexString(message.Content.Span))))
        {
            throw new InvalidOperationException("A message did not come back as it was.");
        }

        Report("and decoded, ms", start);
        using Process self = Process.GetCurrentProcess();
        Print(PeakMemory, self.PeakWorkingSet64 / 1e6);
        return 0;
    }

    private static CodedMessages[] Encode(Predictor model, MessageEncoder encoder, OutgoingMessage[] messages)
    {
        LoneMessages batch = new(model, messages);
        encoder.Run(batch);
        return batch.Take();
    }

    private static IEnumerable<string> Decode(Predictor predictor, CodedMessages[] coded, int lanes)
    {
        using FrameDecoder decoder = new(predictor, lanes);
        DecodingBatch batch = new(Samples.Units(coded));
        decoder.Run(batch);
        return [.. batch.Results.SelectMany(frame => frame.Messages)
            .Select(message => Convert.ToHexString(message.Span))];
    }

    private static double Report(string stage, long start)
    {
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Print(stage, milliseconds);
        return milliseconds;
    }

    private static void Print(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value:F1}"));
}
