using LinkCodec.Core.Framing;
using LinkCodec.Core.PrimedMixing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Packs messages into units of codes of primed mixing: as many as fit share one, a large message takes
/// several. Not thread-safe: each worker has its own.</summary>
/// <remarks>Memory: 2 MB.</remarks>
internal sealed class PrimedUnits
{
    // A message of so many times a unit's bytes fits none.
    private const int Large = 40;

    private readonly PrimedEncoder _encoder = new(PrimedModel.BuiltIn);

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
            bool isDense = ContentProbe.IsDense(contents[at].Span);
            int whole = messages.Skip(at).Take(FrameLimits.MaxMessagesPerFrame).TakeWhile(message => message.IsWhole)
                .Count();
            int packed = isDense || whole == 0 || contents[at].Length > Large * maxUnitSize
                ? 0
                : PackCode(messages[at].Number, contents.AsSpan(at, whole), maxUnitSize, units);
            if (packed > 0 && at + packed == contents.Length && !endsShort && IsShort(units[^1], maxUnitSize))
            {
                units.RemoveAt(units.Count - 1);
                break;
            }

            if (packed == 0)
            {
                packed = 1;
                PackAlone(messages[at], isDense, maxUnitSize, units);
            }

            at += packed;
        }

        leftOver = contents.Length - at;
        return units;
    }

    /// <summary>Decodes a frame. Peer bytes never throw.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="limit">Bytes that its messages may have in all.</param>
    /// <param name="decoder">The decoder.</param>
    public static DecodedFrame Decode(DataFrame frame, int limit, PrimedDecoder decoder)
    {
        if (limit < 0)
        {
            return new DecodedFrame(frame, LinkErrorCode.LimitExceeded, []); // spec 16.1-4
        }

        int[] ends = new int[frame.Count];
        LinkErrorCode error = decoder.Decode(frame.Payload.Span, limit, ends, out byte[] content);
        if (error != LinkErrorCode.None)
        {
            return new DecodedFrame(frame, error, []);
        }

        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[frame.Count];
        for (int i = 0; i < messages.Length; i++)
        {
            int start = i == 0 ? 0 : ends[i - 1];
            messages[i] = content.AsMemory(start, ends[i] - start);
        }

        bool isRight = (ContentCheck.Of(frame.FirstMessage, messages) & frame.CheckMask) == frame.Check;
        return isRight
            ? new DecodedFrame(frame, LinkErrorCode.None, messages)
            : new DecodedFrame(frame, LinkErrorCode.ModelDivergence, []); // spec 5.4-3
    }

    private static bool IsShort(PackedUnit unit, int maxUnitSize) => unit.PayloadBytes < maxUnitSize * 9 / 10;

    private int PackCode(
        ulong number, Span<ReadOnlyMemory<byte>> contents, int maxUnitSize, List<PackedUnit> units)
    {
        DataFrame frame = new()
        {
            Kind = DataFrameKind.Primed,
            FirstMessage = number,
            Count = FrameLimits.MaxMessagesPerFrame,
            IsLast = true,
        };
        int room = maxUnitSize - DataFrameWriter.HeaderLength(frame, toEnd: true);
        ReadOnlySpan<byte> code = _encoder.Fill(contents, room, out int count);
        if (count > 0)
        {
            ReadOnlyMemory<byte>[] taken = contents[..count].ToArray();
            int content = taken.Sum(message => message.Length);
            units.Add(UnitOf(frame with { Count = count }, code, content, ContentCheck.Of(number, taken)));
        }

        return count;
    }

    // A message that shares no code: it is too large, or coding makes it no shorter.
    private void PackAlone(OutgoingMessage message, bool isDense, int maxUnitSize, List<PackedUnit> units)
    {
        if (message.IsWhole && message.Content.Length <= maxUnitSize - DataFrameWriter.MaxHeader)
        {
            units.AddRange(StoredContent.Pack([message], maxUnitSize));
            return;
        }

        for (int at = message.Start; at < message.End;)
        {
            ReadOnlyMemory<byte> rest = message.Content[at..message.End];
            DataFrame stored = StoredContent.PartOf(message.Number, at, rest, maxUnitSize, isLast: message.Left == 0);
            PackedUnit? coded = isDense ? null : PartOf(message, at, maxUnitSize);
            PackedUnit unit = coded is not null && coded.MessageBytes > stored.Payload.Length
                ? coded
                : new PackedUnit([stored], null) { MessageBytes = stored.Payload.Length };
            units.Add(unit);
            at += (int)unit.MessageBytes;
        }
    }

    private PackedUnit PartOf(OutgoingMessage message, int at, int maxUnitSize)
    {
        DataFrame frame = new()
        {
            Kind = DataFrameKind.PrimedPart,
            FirstMessage = message.Number,
            Count = 1,
            Offset = (ulong)at,
        };
        int room = maxUnitSize - DataFrameWriter.HeaderLength(frame, toEnd: true);
        ReadOnlyMemory<byte> rest = message.Content[at..message.End];
        ReadOnlySpan<byte> code = _encoder.FillPart(rest.Span, room, out int length);
        return UnitOf(frame with { IsLast = length == rest.Length && message.Left == 0 }, code, length,
            ContentCheck.Of(message.Number, rest[..length]));
    }

    // spec 5.4-6: zeros behind a code change nothing.
    private static PackedUnit UnitOf(DataFrame frame, ReadOnlySpan<byte> code, int content, uint check)
    {
        byte[] payload = new byte[Math.Max(code.Length, CompressionLimits.Payload(content, frame.Count))];
        code.CopyTo(payload);
        return new PackedUnit([frame with { Payload = payload, Check = check & frame.CheckMask }], null)
        {
            MessageBytes = content,
        };
    }
}
