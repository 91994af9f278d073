using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Compression;

/// <summary>Packs messages into units of compressed blocks: as many as fit share one, a large message takes several.
/// Not thread-safe: each worker has its own.</summary>
/// <param name="compressor">Compresses the blocks; owned by this.</param>
internal sealed class BlockUnits(BlockCompressor compressor) : IDisposable
{
    private const int MaxTries = 5;

    private readonly BlockFiller _filler = new(compressor);
    private readonly byte[] _payload = new byte[BlockCompressor.MaxContent];
    private double _ratio = 3;

    /// <summary>The compressor.</summary>
    public BlockCompressor Compressor => compressor;

    /// <summary>Packs messages.</summary>
    /// <param name="messages">The messages, with ascending numbers.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most.</param>
    /// <param name="endsShort">Whether the last unit may be shorter than what follows would make it; otherwise its
    /// messages are left over.</param>
    /// <param name="leftOver">The number of messages at the end that were not packed.</param>
    public List<PackedUnit> Pack(
        IReadOnlyList<OutgoingMessage> messages, int maxUnitSize, bool endsShort, out int leftOver)
    {
        List<PackedUnit> units = [];
        ReadOnlyMemory<byte>[] contents = [.. messages.Select(message => message.Content)];
        int at = 0;
        while (at < contents.Length)
        {
            int whole = messages.Skip(at).TakeWhile(message => message.IsWhole).Count();
            int packed = whole == 0 || ContentProbe.IsDense(contents[at].Span)
                ? 0
                : PackBlock(messages[at].Number, contents.AsSpan(at, whole), maxUnitSize, units);
            if (packed > 0 && at + packed == contents.Length && !endsShort && IsShort(units[^1], maxUnitSize))
            {
                units.RemoveAt(units.Count - 1);
                break;
            }

            if (packed == 0)
            {
                packed = 1;
                PackAlone(messages[at], maxUnitSize, units);
            }

            at += packed;
        }

        leftOver = contents.Length - at;
        return units;
    }

    /// <summary>Whether blocks of a content have fewer bytes than so many.</summary>
    public bool IsShorter(ReadOnlySpan<byte> content, int length)
    {
        if (ContentProbe.IsDense(content))
        {
            return false;
        }

        int sum = 0;
        for (int at = 0; at < content.Length && sum < length; at += BlockCompressor.MaxContent)
        {
            ReadOnlySpan<byte> block = content[at..Math.Min(content.Length, at + BlockCompressor.MaxContent)];
            int size = compressor.Compress(block, _payload);
            sum += size > 0 ? size : block.Length;
        }

        return sum < length;
    }

    /// <inheritdoc/>
    public void Dispose() => compressor.Dispose();

    private static bool IsShort(PackedUnit unit, int maxUnitSize) => unit.PayloadBytes < maxUnitSize * 9 / 10;

    private int PackBlock(
        ulong number, Span<ReadOnlyMemory<byte>> contents, int maxUnitSize, List<PackedUnit> units)
    {
        // spec 4.3-4, 5.6-1
        DataFrame frame = new()
        {
            Kind = DataFrameKind.Block,
            FirstMessage = number,
            Count = FrameLimits.MaxMessagesPerFrame,
            IsLast = true,
        };
        int room = maxUnitSize - DataFrameWriter.HeaderLength(frame, toEnd: true);
        CompressedBlock block = _filler.Fill(
            contents[..Math.Min(contents.Length, FrameLimits.MaxMessagesPerFrame)], _payload.AsSpan(0, room));
        if (block.Count > 0)
        {
            byte[] payload = _payload.AsSpan(0, block.Length).ToArray();
            uint check = ContentCheck.Of(number, contents[..block.Count].ToArray()) & frame.CheckMask;
            units.Add(new PackedUnit([frame with { Count = block.Count, Payload = payload, Check = check }], null)
            {
                MessageBytes = block.ContentLength,
            });
        }

        return block.Count;
    }

    // A message that shares no block: it is too large, or compression makes it no shorter.
    private void PackAlone(OutgoingMessage message, int maxUnitSize, List<PackedUnit> units)
    {
        if (message.IsWhole && message.Content.Length <= maxUnitSize - DataFrameWriter.MaxHeader)
        {
            units.AddRange(StoredContent.Pack([message], maxUnitSize));
            return;
        }

        for (int at = message.Start; at < message.End;)
        {
            DataFrame frame = NextPart(message, at, message.End, maxUnitSize, out int length);
            units.Add(new PackedUnit([frame], null) { MessageBytes = length });
            at += length;
        }
    }

    /// <summary>The next part of a message, as a block where that makes it shorter.</summary>
    /// <param name="message">The message.</param>
    /// <param name="at">Where the part begins.</param>
    /// <param name="end">Where it ends at the latest.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most.</param>
    /// <param name="length">Bytes of the part.</param>
    public DataFrame NextPart(OutgoingMessage message, int at, int end, int maxUnitSize, out int length)
    {
        ReadOnlyMemory<byte> rest = message.Content[at..end];
        bool endsMessage = end == message.Content.Length;
        DataFrame frame = new()
        {
            Kind = DataFrameKind.BlockPart,
            FirstMessage = message.Number,
            Count = 1,
            Offset = (ulong)at,
        };
        int room = maxUnitSize - DataFrameWriter.HeaderLength(frame, toEnd: true);
        int most = Math.Min(rest.Length, BlockCompressor.MaxContent);
        length = 0;
        byte[] best = [];
        int over = most + 1;
        int guess = (int)Math.Clamp(_ratio * room, Math.Min(room, most), most);
        int tries = ContentProbe.IsDense(rest.Span) ? 0 : MaxTries;
        for (; tries > 0 && guess > length && guess < over; tries--)
        {
            int size = compressor.Compress(rest.Span[..guess], _payload);
            _ratio = size == 0 ? 1 : (double)guess / size;
            if (size > 0 && size <= room)
            {
                (length, best) = (guess, _payload.AsSpan(0, size).ToArray());
                if (size > room * 31 / 32)
                {
                    break;
                }
            }
            else
            {
                over = guess;
            }

            guess = (int)Math.Clamp(_ratio * room * 63 / 64, length, Math.Max(length, over - 1));
        }

        // Where nothing fits that is longer than what would be stored, it is stored.
        DataFrame stored = StoredContent.PartOf(message.Number, at, rest, maxUnitSize, endsMessage);
        if (length <= stored.Payload.Length)
        {
            length = stored.Payload.Length;
            return stored;
        }

        return frame with
        {
            Payload = best,
            IsLast = endsMessage && length == rest.Length,
            Check = ContentCheck.Of(message.Number, rest[..length]) & frame.CheckMask,
        };
    }
}
