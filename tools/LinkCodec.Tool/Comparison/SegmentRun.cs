using System.Diagnostics;
using LinkCodec.Baselines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tool.Comparison;

/// <summary>
/// A baseline over the messages in whole segments: as many of them as fit into a datagram are compressed together, and
/// stored in the frames and segments that LinkCodec takes for what it does not code.
/// </summary>
internal static class SegmentRun
{
    /// <summary>Measures, and verifies every message by taking the segments and the blocks in them apart.</summary>
    /// <exception cref="BaselineException">The baseline failed.</exception>
    /// <exception cref="LinkException">A message did not come back as it was.</exception>
    public static CodecFigures Measure(IBaselineCodec baseline, IReadOnlyList<byte[]> messages, int mtu,
        Action<int> onMessage, CancellationToken cancellationToken)
    {
        BlockCodec codec = new(baseline);
        Stopwatch watch = Stopwatch.StartNew();
        List<PackedBlock> blocks = [];
        SegmentFiller filler = new(codec, number => SegmentRoom.Of(mtu, number));
        foreach (PackedBlock block in filler.Fill([.. messages.Select(message => (ReadOnlyMemory<byte>)message)]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            blocks.Add(block);
            onMessage(block.First + block.Count);
        }

        watch.Stop();
        SegmentCount segments = new(mtu);
        Verifier verifier = new(baseline.Name, [.. blocks.Select(block => block.Content)], (_, content) => content,
            received => Verify(codec, blocks[(int)received.Number], received.Content.Span, messages));
        OutgoingMessage[] stored = [.. blocks.Select((block, i) => new OutgoingMessage((ulong)i, block.Content))];
        foreach (PackedUnit unit in StoredContent.Pack(stored, SegmentCount.UnitSize(mtu)))
        {
            foreach (DecodedFrame frame in new DecodingBatch([segments.Add(unit)]).Results)
            {
                verifier.Add(frame);
            }
        }

        verifier.Finish();
        return new CodecFigures($"{baseline.Name}, whole segments", blocks.Sum(block => (long)block.Content.Length),
            segments.WireBytes, segments.Segments, watch.Elapsed.TotalSeconds, Packing.Segments);
    }

    private static void Verify(BlockCodec codec, PackedBlock block, ReadOnlySpan<byte> received,
        IReadOnlyList<byte[]> messages)
    {
        // Nobody tells a receiver how long a block is: its own messages and their lengths have room, and no more.
        int most = MessageBlock.MaxLength(messages.Skip(block.First).Take(block.Count));
        IReadOnlyList<byte[]> restored = codec.Unpack(received, most);
        for (int i = 0; i < block.Count; i++)
        {
            if (restored.Count != block.Count || !restored[i].AsSpan().SequenceEqual(messages[block.First + i]))
            {
                throw new LinkException(LinkErrorCode.ModelDivergence,
                    $"{codec.Name}: message {block.First + i} did not come back as it was from its segment.");
            }
        }
    }
}
