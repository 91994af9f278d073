using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LinkCodec.CommandLine;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>Sends as much as each link carries in some seconds, in each way, and makes a table of it.</summary>
internal sealed class ThroughputRun(
    RealPair pair, string folder, string snapshot, int seconds, ThroughputSamples samples)
{
    private const int Seed = 1;

    // What comes too late by so much is given up.
    private const int Patience = 6;

    /// <summary>Measures, and tells each figure on standard error.</summary>
    /// <returns>A table in Markdown.</returns>
    public async Task<string> TableAsync(IReadOnlyList<long> rates, IReadOnlyList<ThroughputWay> ways,
        CancellationToken stop)
    {
        StringBuilder table = new();
        table.AppendLine($"| bits a second | {string.Join(" | ", ways.Select(way => way.Name))} |");
        table.AppendLine($"|---:|{string.Concat(ways.Select(_ => "---:|"))}");
        foreach (long rate in rates)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {rate} |");
            foreach (ThroughputWay way in ways)
            {
                string cell = await CellAsync(way, rate, stop);
                await Console.Error.WriteLineAsync($"{rate} bit/s, {way.Name}: {cell}");
                table.Append(CultureInfo.InvariantCulture, $" {cell} |");
            }

            table.AppendLine();
        }

        table.AppendLine();
        table.AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"A core made blocks of zstd 19 at {samples.JoiningSpeed / 1e6:F2} MB of messages a second; their column "
                + $"does not count that time."));
        return table.ToString();
    }

    private async Task<string> CellAsync(ThroughputWay way, long rate, CancellationToken stop)
    {
        string input = Path.Combine(folder, "input");
        long raw = Write(way, input, (long)(way.Expected(rate) * seconds));
        string[] sending = way.Name switch
        {
            ThroughputWay.Zstd => ["--messages", "u32le", "--kind", "compressed"],
            ThroughputWay.Random => ["--messages", "whole"],
            _ => ["--messages", "lines", "--effort", way.Name],
        };
        PairFigures? figures = await pair.RunAsync(input, rate, TimeSpan.FromSeconds(10 + (Patience * seconds)),
            sending, ["--snapshot", way.Name == ThroughputWay.Zstd ? LinkSnapshots.None : snapshot], stop);
        await Console.Error.WriteLineAsync($"{rate} bit/s, {way.Name}, message bytes by effort: {figures?.Efforts}");
        return figures is null
            ? $"more than {Patience * seconds} s"
            : string.Create(CultureInfo.InvariantCulture,
                $"{figures.Effective(rate, raw):F2} ({figures.Used(rate):F2})");
    }

    // Messages, blocks or random bytes, again from the first after the last, until they stand for so many bytes.
    private long Write(ThroughputWay way, string path, long bytes)
    {
        using FileStream file = File.Create(path);
        if (way.Name == ThroughputWay.Random)
        {
            byte[] random = new byte[bytes];
            new Random(Seed).NextBytes(random);
            file.Write(random);
            return bytes;
        }

        bool isBlocks = way.Name == ThroughputWay.Zstd;
        List<ReadOnlyMemory<byte>> all = isBlocks ? samples.Blocks : samples.Messages;
        Span<byte> length = stackalloc byte[sizeof(uint)];
        long sum = 0;
        for (int i = 0; sum < bytes; i = (i + 1) % all.Count)
        {
            if (isBlocks)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)all[i].Length);
                file.Write(length);
            }

            file.Write(all[i].Span);
            if (!isBlocks)
            {
                file.WriteByte((byte)'\n');
            }

            sum += isBlocks ? samples.BlockedBytes[i] : all[i].Length + 1;
        }

        return sum;
    }
}
