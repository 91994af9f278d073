using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Compression;

/// <summary>Makes messages and takes them through the whole room: code, pack, parse, decode, assemble.</summary>
internal static class Messages
{
    public static OutgoingMessage[] Number(IEnumerable<byte[]> contents, ulong first = 0) =>
        [.. contents.Select((content, i) => new OutgoingMessage(first + (ulong)i, content))];

    public static byte[] Text(int length, ulong seed)
    {
        byte[] bytes = Random(length, seed);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = bytes[i] % 6 == 0 ? (byte)' ' : (byte)('a' + (bytes[i] % 26));
        }

        return bytes;
    }

    public static byte[] Random(int length, ulong seed)
    {
        byte[] bytes = new byte[length];
        RandomSource.FromSeed(seed).Fill(bytes);
        return bytes;
    }

    /// <summary>Codes messages into units, in so many shares, coded in so many lanes.</summary>
    public static List<PackedUnit> Pack(
        OutgoingMessage[] messages, Predictor predictor, int unitSize, int lanes = 8, int shares = 1,
        StreamContext? start = null, int slot = 0, int keep = 0, bool isChained = false)
    {
        using ContextPool contexts = new(predictor);
        using UnitStream stream = new(predictor, contexts, unitSize, isChained);
        EncodingBatch batch = stream.Begin(messages, shares, ContentHint.Auto, avoidsNetworks: false,
            start, slot, keep);
        using MessageEncoder encoder = new(predictor, lanes);
        encoder.Run(batch);
        stream.End(batch);
        List<PackedUnit> units = [];
        while (stream.TryTake(mayClose: true, out PackedUnit? unit))
        {
            Assert.InRange(Bytes(unit).Length, 1, unitSize);
            units.Add(unit);
        }

        return units;
    }

    /// <summary>The bytes of a unit, message numbers in full.</summary>
    public static ReadOnlyMemory<byte> Bytes(PackedUnit unit) => unit.ToBytes(isShort: false, int.MaxValue);

    /// <summary>The data frames of units, unit by unit.</summary>
    public static List<IReadOnlyList<DataFrame>> Units(IEnumerable<ReadOnlyMemory<byte>> units) =>
        [.. units.Select(unit => Frames(unit))];

    /// <summary>The data frames of units.</summary>
    public static List<DataFrame> Frames(params IEnumerable<ReadOnlyMemory<byte>> units)
    {
        List<DataFrame> frames = [];
        Assert.All(units, unit =>
        {
            List<DataFrame> own = [];
            Assert.True(DataFrame.TryParse(unit, own));
            frames.AddRange(own);
        });
        return frames;
    }

    public static IReadOnlyList<DecodedFrame> Decode(IEnumerable<ReadOnlyMemory<byte>> units, Predictor predictor,
        int lanes = 8, StreamContext? start = null, ContextPool? contexts = null)
    {
        List<IReadOnlyList<DataFrame>> all = Units(units);
        using FrameDecoder decoder = new(predictor, lanes);
        DecodingBatch batch = new(all, [.. all.Select(unit => unit.Any(frame => frame.Base != 0) ? start : null)],
            contexts);
        decoder.Run(batch);
        return batch.Results;
    }

    public static List<ReceivedMessage> Assemble(IEnumerable<DecodedFrame> frames, bool ordered = true)
    {
        MessageAssembler assembler = new(ordered);
        foreach (DecodedFrame frame in frames)
        {
            Assert.Equal(LinkErrorCode.None, frame.Error);
            Assert.Equal(LinkErrorCode.None, assembler.Add(frame));
        }

        List<ReceivedMessage> messages = [];
        while (assembler.TryTake(out ReceivedMessage message))
        {
            messages.Add(message);
        }

        Assert.Equal(0, assembler.BufferedBytes);
        return messages;
    }

    /// <summary>Asserts that so many lanes encode what one does, and that any number decodes the messages.</summary>
    public static void AssertSameInAnyLanes(OutgoingMessage[] messages, Predictor predictor, int unitSize,
        int encoders, int decoders)
    {
        const int Shares = 5;
        List<PackedUnit> units = Pack(messages, predictor, unitSize, encoders, Shares);
        Assert.Equal(Pack(messages, predictor, unitSize, 1, Shares).Select(u => Bytes(u).ToArray()),
            units.Select(u => Bytes(u).ToArray()));
        List<ReceivedMessage> received = Assemble(Decode(units.Select(Bytes), predictor, decoders));
        Assert.Equal(messages.Select(m => m.Content.ToArray()), received.Select(m => m.Content.ToArray()));
    }
}
