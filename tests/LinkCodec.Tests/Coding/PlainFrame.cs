using System.Buffers.Binary;
using System.Numerics;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Coding;

/// <summary>
/// Coded frames put together from coder, quantiser and predictor alone, one symbol after another: what the tests
/// compare with.
/// </summary>
internal static class PlainFrame
{
    /// <summary>The range code of whole messages.</summary>
    public static byte[] Code(IEnumerable<byte[]> messages, Predictor predictor)
    {
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        var quantiser = new FrequencyQuantiser(predictor.AlphabetSize, predictor.FrequencyBits);
        var encoder = new RangeEncoder();
        uint[] weights = new uint[predictor.AlphabetSize];
        foreach (byte[] message in messages)
        {
            lanes.Start(0, weights);
            for (int i = 0; i <= message.Length; i++)
            {
                int symbol = i < message.Length ? message[i] : Predictor.EndSymbol;
                quantiser.Load(weights);
                (uint cumulative, uint frequency) = quantiser.Interval(symbol);
                encoder.Encode(cumulative, frequency, predictor.FrequencyBits);
                if (i < message.Length)
                {
                    lanes.Step([symbol], weights);
                }
            }
        }

        return encoder.Finish().ToArray();
    }

    public static byte[] Write(ulong first, byte[][] messages, Predictor predictor, bool toEnd)
    {
        byte[] code = Code(messages, predictor);
        int zeros = Math.Max(0, ((messages.Sum(message => message.Length + 8) + 63) / 64) - 16 - code.Length);
        byte[] body = [.. Varint(first), (byte)messages.Length, 0, .. Check(messages), .. code, .. new byte[zeros]];
        return toEnd ? [0x10, .. body] : [0x11, .. Varint((ulong)body.Length), .. body];
    }

    /// <summary>The messages, or null where the frame must be refused.</summary>
    public static (ulong First, byte[][] Messages)? Read(ReadOnlySpan<byte> data, Predictor predictor, int limit)
    {
        if (data.IsEmpty || data[0] is not (0x10 or 0x11))
        {
            return null;
        }

        bool toEnd = data[0] == 0x10;
        data = data[1..];
        if (!toEnd)
        {
            if (!VarInt.TryRead(data, out ulong size, out int used) || size > (ulong)(data.Length - used))
            {
                return null;
            }

            data = data.Slice(used, (int)size);
        }

        if (!VarInt.TryRead(data, out ulong first, out int length) || data.Length < length + 6 || data[length] == 0
            || data[length + 1] != 0)
        {
            return null;
        }

        limit = Math.Min(limit, (64 * (data.Length - length + 10)) - (8 * data[length]));
        byte[][]? messages = limit < 0 ? null : Decode(data[(length + 6)..], data[length], predictor, limit);
        return messages is null || !data.Slice(length + 2, 4).SequenceEqual(Check(messages)) ? null : (first, messages);
    }

    private static byte[][]? Decode(ReadOnlySpan<byte> code, int count, Predictor predictor, int limit)
    {
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        var quantiser = new FrequencyQuantiser(predictor.AlphabetSize, predictor.FrequencyBits);
        var decoder = new RangeDecoder(code);
        uint[] weights = new uint[predictor.AlphabetSize];
        byte[][] messages = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            var message = new List<byte>();
            lanes.Start(0, weights);
            while (true)
            {
                quantiser.Load(weights);
                int symbol = quantiser.Find(decoder.Peek(quantiser.Bits), out uint cumulative, out uint frequency);
                decoder.Consume(code, cumulative, frequency, quantiser.Bits);
                if (symbol == Predictor.EndSymbol)
                {
                    break;
                }

                if (limit-- == 0)
                {
                    return null;
                }

                message.Add((byte)symbol);
                lanes.Step([symbol], weights);
            }

            messages[i] = [.. message];
        }

        return messages;
    }

    private static byte[] Check(byte[][] messages)
    {
        uint crc = uint.MaxValue;
        byte[] bytes = new byte[4];
        foreach (byte[] message in messages)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, message.Length);
            foreach (byte value in message.Concat(bytes))
            {
                crc = BitOperations.Crc32C(crc, value);
            }
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
