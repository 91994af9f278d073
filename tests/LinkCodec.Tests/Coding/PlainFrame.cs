using System.Buffers.Binary;
using System.Numerics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Tests.Coding;

/// <summary>
/// Coded frames put together from coder and predictor alone, one message after another, with bytes written by hand:
/// what the tests compare with.
/// </summary>
internal static class PlainFrame
{
    /// <summary>The range code of messages that follow each other in a chain.</summary>
    public static byte[] Code(IEnumerable<byte[]> messages, Predictor predictor)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList decisions = new(predictor.FrequencyBits);
        bool goesOn = false;
        foreach (byte[] message in messages)
        {
            if (goesOn)
            {
                lanes.ContinueEncode(0, message, ContentHint.Auto, decisions);
            }
            else
            {
                lanes.BeginEncode(0, message, ContentHint.Auto, null, decisions);
            }

            foreach (byte value in message)
            {
                lanes.Encode(0, value, decisions);
                lanes.Step([value]);
            }

            lanes.Encode(0, Predictor.EndSymbol, decisions);
            goesOn = true;
        }

        return decisions.Finish().ToArray();
    }

    /// <summary>A frame that starts from the start state.</summary>
    public static byte[] Write(
        ulong first, byte[][] messages, Predictor predictor, bool toEnd, ulong offset = 0, bool isCut = false,
        bool isShort = false)
    {
        byte[] code = Code(messages, predictor);
        int zeros = Math.Max(0, ((messages.Sum(message => message.Length + 8) + 63) / 64) - 16 - code.Length);
        bool isOne = messages.Length == 1 && offset == 0 && !isCut;
        int form = isShort ? 0 : isOne ? 1 : offset == 0 ? 3 : 5;
        byte[] body =
        [
            .. isShort ? [(byte)first] : Varint(first),
            .. offset == 0 ? [] : Varint(offset),
            .. isOne ? [] : Varint((2 * (ulong)messages.Length) + (isCut ? 1u : 0u)),
            .. Check(first, messages)[..(isOne ? 2 : 3)],
            .. code,
            .. new byte[zeros],
        ];
        byte type = (byte)(0x80 | ((form + (toEnd ? 0 : 1)) << 4));
        return toEnd ? [type, .. body] : [type, .. Varint((ulong)body.Length), .. body];
    }

    /// <summary>What a segment's coded frames hold, or null where one must be refused.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="predictor">The predictor.</param>
    /// <param name="end">One past the highest message of all units that came before.</param>
    /// <param name="contexts">The slots, which are filled; null where there are none.</param>
    public static List<MessagePart>? Read(
        byte[] segment, Predictor predictor, ulong end = 0, ReceiverContexts? contexts = null)
    {
        if (!Segment.TryRead(segment, out Segment read) || read.Unit.Count == 0)
        {
            return null;
        }

        List<DataFrame> unit = [.. read.Unit.Select(frame => Complete(frame, end))];
        DataFrame first = unit.FirstOrDefault(frame => frame.IsCoded);
        StreamContext? start = null;
        if (first.Base != 0 && (contexts is null || contexts.TryGet(unit, out start) != LinkErrorCode.None))
        {
            return null;
        }

        DecodingBatch batch = new([unit], [start], contexts?.Pool);
        using (FrameDecoder decoder = new(predictor, 1))
        {
            decoder.Run(batch);
        }

        if (batch.Results.Any(decoded => decoded.Error != LinkErrorCode.None))
        {
            return null;
        }

        contexts?.Keep(batch.Results);

        return [.. batch.Results.Where(decoded => decoded.Frame.IsCoded).SelectMany(Parts)];
    }

    private static DataFrame Complete(DataFrame frame, ulong end)
    {
        if (!frame.IsShort)
        {
            return frame;
        }

        MessageNumbers numbers = new();
        if (end > 0)
        {
            numbers.OnUnit(0, end);
        }

        numbers.TryComplete(1, (byte)frame.FirstMessage, out ulong number);
        return frame with { FirstMessage = number };
    }

    private static IEnumerable<MessagePart> Parts(DecodedFrame decoded) => decoded.Messages.Select((content, i) =>
        new MessagePart(
            decoded.Frame.FirstMessage + (ulong)i,
            i == 0 ? decoded.Frame.Offset : 0,
            i < decoded.Messages.Count - 1 || decoded.Frame.IsLast,
            Convert.ToHexStringLower(content.Span)));

    private static byte[] Check(ulong first, byte[][] messages)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, first);
        byte[] bytes = new byte[4];
        foreach (byte[] message in messages)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, message.Length);
            crc = message.Concat(bytes).Aggregate(crc, BitOperations.Crc32C);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes, ~crc);
        return bytes;
    }

    private static byte[] Varint(ulong value)
    {
        byte[] bytes = new byte[VarInt.Length(value)];
        VarInt.Write(bytes, value);
        return bytes;
    }
}
