using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Messages that travel as they are.</summary>
internal static class StoredContent
{
    /// <summary>Joins messages, each but the last behind its length. spec 4.3-6</summary>
    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        int lengths = messages.SkipLast(1).Sum(message => VarInt.Length((ulong)message.Length));
        byte[] joined = new byte[lengths + messages.Sum(message => message.Length)];
        int at = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            at += i == messages.Count - 1 ? 0 : VarInt.Write(joined.AsSpan(at), (ulong)messages[i].Length);
            messages[i].Span.CopyTo(joined.AsSpan(at));
            at += messages[i].Length;
        }

        return joined;
    }

    /// <summary>
    /// Packs messages without any coding: as many small ones as fit share a unit, a large one takes several.
    /// </summary>
    /// <param name="messages">The messages; their bytes are referred to where one has a frame alone.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most.</param>
    public static List<PackedUnit> Pack(IReadOnlyList<OutgoingMessage> messages, int maxUnitSize)
    {
        List<PackedUnit> units = [];
        for (int at = 0; at < messages.Count;)
        {
            List<ReadOnlyMemory<byte>> joined = [];
            int size = 0;
            while (at + joined.Count < messages.Count && joined.Count < FrameLimits.MaxMessagesPerFrame
                && messages[at + joined.Count].IsWhole)
            {
                ReadOnlyMemory<byte> next = messages[at + joined.Count].Content;
                int length = joined.Count == 0 ? 0 : VarInt.Length((ulong)joined[^1].Length);
                size += length + next.Length;
                joined.Add(next);
                if (FrameOf(messages[at].Number, joined.Count, default) is var frame
                    && DataFrameWriter.HeaderLength(frame, toEnd: true) + size > maxUnitSize)
                {
                    joined.RemoveAt(joined.Count - 1);
                    break;
                }
            }

            if (joined.Count == 0)
            {
                AddParts(messages[at++], maxUnitSize, units);
                continue;
            }

            ReadOnlyMemory<byte> payload = joined.Count == 1 ? joined[0] : Join(joined);
            units.Add(new PackedUnit([FrameOf(messages[at].Number, joined.Count, payload)], null)
            {
                MessageBytes = joined.Sum(message => (long)message.Length),
            });
            at += joined.Count;
        }

        return units;
    }

    /// <summary>
    /// A message or part of one as it is, with as much of the content as fits; empty where nothing does.
    /// </summary>
    /// <param name="number">The message's number.</param>
    /// <param name="offset">The part's place in the message.</param>
    /// <param name="content">The message from there on, or what of it is to be sent.</param>
    /// <param name="room">Bytes that the frame may take.</param>
    /// <param name="isLast">Whether the message ends with the content.</param>
    public static DataFrame PartOf(ulong number, int offset, ReadOnlyMemory<byte> content, int room, bool isLast)
    {
        DataFrame frame = new()
        {
            Kind = DataFrameKind.StoredPart,
            FirstMessage = number,
            Count = 1,
            Offset = (ulong)offset,
        };
        if (offset == 0 && isLast && FrameOf(number, 1, content) is var whole
            && DataFrameWriter.Length(whole, toEnd: true) <= room)
        {
            return whole;
        }

        int length = Math.Clamp(room - DataFrameWriter.HeaderLength(frame, toEnd: true), 0, content.Length);
        return frame with { Payload = content[..length], IsLast = isLast && length == content.Length };
    }

    /// <summary>A frame of one whole message or more.</summary>
    public static DataFrame FrameOf(ulong number, int count, ReadOnlyMemory<byte> payload) => new()
    {
        Kind = count == 1 ? DataFrameKind.Stored : DataFrameKind.StoredMany,
        FirstMessage = number,
        Count = count,
        IsLast = true,
        Payload = payload,
    };

    private static void AddParts(OutgoingMessage message, int maxUnitSize, List<PackedUnit> units)
    {
        for (int at = message.Start; at < message.End;)
        {
            DataFrame part = PartOf(message.Number, at, message.Content[at..message.End], maxUnitSize,
                isLast: message.Left == 0);
            units.Add(new PackedUnit([part], null) { MessageBytes = part.Payload.Length });
            at += part.Payload.Length;
        }
    }
}
