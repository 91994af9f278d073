using LinkCodec.Baselines;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// Messages of several kinds as they come from several instruments: a run of each kind in turn, again and again. The
/// same as blocks of zstd with a dictionary from other messages of these kinds.
/// </summary>
internal sealed class ThroughputSamples
{
    // Longer than any coder here looks back, so that a message that comes again is new to all of them.
    private const int Rounds = 60;
    private const int TrainingRounds = 300;
    private const int RunBytes = 4000;
    private const int Mtu = 1200;
    private const int MostBlock = 1 << 26;

    private static readonly string[] Kinds =
    [
        "telemetry/adsb-json.jsonl.xz", "telemetry/gnss-json.jsonl.xz", "telemetry/logs.txt.xz",
        "telemetry/nmea0183.txt.xz", "weather/metar.txt.xz", "text/wikipedia-en.txt.xz",
    ];

    private ThroughputSamples(List<ReadOnlyMemory<byte>> messages, List<ReadOnlyMemory<byte>> others)
    {
        Messages = messages;
        using ZstdBaseline zstd = new(ZstdDictionary.TrainForSegments([.. others.Select(other => other.ToArray())]));
        BlockCodec codec = new(zstd);
        long start = Environment.TickCount64;
        SegmentFiller filler = new(codec, number => SegmentRoom.Of(Mtu, number));
        List<PackedBlock> blocks = [.. filler.Fill(messages)];
        JoiningSpeed = messages.Sum(message => message.Length) * 1000.0 / (Environment.TickCount64 - start);
        Blocks = [.. blocks.Select(block => (ReadOnlyMemory<byte>)block.Content)];
        BlockedBytes = [.. blocks.Select(block => Size(messages, block.First, block.Count))];
        if (!blocks.SelectMany(block => codec.Unpack(block.Content, MostBlock))
            .Zip(messages).All(pair => pair.Second.Span.SequenceEqual(pair.First)))
        {
            throw new LinkException("A block did not give back the messages that it was made of.");
        }
    }

    /// <summary>The messages, some 1.4 MB with their newlines.</summary>
    public List<ReadOnlyMemory<byte>> Messages { get; }

    /// <summary>The messages as blocks.</summary>
    public List<ReadOnlyMemory<byte>> Blocks { get; }

    /// <summary>Bytes of messages in each block, with their newlines.</summary>
    public List<long> BlockedBytes { get; }

    /// <summary>Message bytes a second that became blocks on one core.</summary>
    public double JoiningSpeed { get; }

    /// <summary>Reads the messages.</summary>
    /// <param name="data">The folder with <c>dev</c> and <c>train</c>.</param>
    public static ThroughputSamples Read(string data) =>
        new(Mix(data, "dev", Rounds), Mix(data, "train", TrainingRounds));

    private static List<ReadOnlyMemory<byte>> Mix(string data, string part, int rounds)
    {
        List<byte[]>[] kinds = [.. Kinds.Select(kind => DevFiles.Read(Path.Combine(data, part, kind), cut: 0))];
        int[] next = new int[kinds.Length];
        List<ReadOnlyMemory<byte>> mixture = [];
        for (int round = 0; round < rounds; round++)
        {
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                for (int bytes = 0; bytes < RunBytes;)
                {
                    byte[] message = kinds[kind][next[kind]++ % kinds[kind].Count];
                    mixture.Add(message);
                    bytes += message.Length + 1;
                }
            }
        }

        return mixture;
    }

    private static long Size(List<ReadOnlyMemory<byte>> messages, int first, int count) =>
        messages.Skip(first).Take(count).Sum(message => message.Length + 1L);
}
