using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LinkCodec.State;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>What a state folder costs: messages stored a second, bytes written, and how long a restart takes.</summary>
internal static class StateCommand
{
    private const int MessageBytes = 100;
    private const int Messages = 1_000_000;

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string> folder = new("--folder")
        {
            Description = "Where the queues are made, and removed afterwards.",
            DefaultValueFactory = _ => Path.GetTempPath(),
        };
        Command state = new("state", "What a state folder costs at a sender.") { folder };
        examples[state] = "LinkCodec.Benchmarks state --folder /var/tmp";
        state.SetAction((parsed, _) => RunAsync(parsed.GetValue(folder)!));
        return state;
    }

    private static async Task<int> RunAsync(string folder)
    {
        Console.WriteLine("| messages of 100 bytes | in groups of | messages/s | bytes written a message byte | "
            + "reopened in, ms | with a bound, ms |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach ((int count, int group) in new[] { (500, 1), (50_000, 100), (Messages, 1000) })
        {
            Console.WriteLine(await RowAsync(Path.Combine(folder, "linkcodec-state-benchmark"), count, group));
        }

        return 0;
    }

    private static async Task<string> RowAsync(string folder, int count, int group)
    {
        ReadOnlyMemory<byte>[] messages = [.. Enumerable.Range(0, group)
            .Select(i => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)i, MessageBytes).ToArray())];
        try
        {
            double seconds;
            long written;
            using (SenderState state = SenderState.Open(StateFolder.Take(folder), 1))
            {
                long before = WrittenBytes();
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < count; i += group)
                {
                    await state.StoreAsync(messages, InputForm.Line);
                }

                seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                written = WrittenBytes() - before;
            }

            (double reopened, double bounded) = (Reopen(folder, count, null), Reopen(folder, count, 1L << 30));
            return string.Create(CultureInfo.InvariantCulture, $"| {count} | {group} | {count / seconds:F0} | "
                + $"{written / (double)count / MessageBytes:F2} | {reopened:F0} | {bounded:F0} |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Milliseconds until the first message can be read.
    private static double Reopen(string folder, int count, long? maxBytes)
    {
        long opening = Stopwatch.GetTimestamp();
        using SenderState again = SenderState.Open(StateFolder.Take(folder), 1, maxBytes);
        return again.ReadFrom(0).TryNext(out _) && again.Stored == (ulong)count
            ? Stopwatch.GetElapsedTime(opening).TotalMilliseconds
            : throw new InvalidOperationException("The queue does not hold what was stored.");
    }

    // As the kernel counts the bytes of this process's writes.
    private static long WrittenBytes() => long.Parse(
        File.ReadLines("/proc/self/io").First(line => line.StartsWith("wchar:", StringComparison.Ordinal))[6..],
        CultureInfo.InvariantCulture);
}
