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

    public static EncodedMessage[] Encode(OutgoingMessage[] messages, Predictor predictor, int unitSize, int lanes = 8)
    {
        using MessageEncoder encoder = new(predictor, lanes, unitSize);
        EncodingBatch batch = new(messages);
        encoder.Run(batch);
        return batch.ToArray();
    }

    public static List<PackedUnit> Pack(OutgoingMessage[] messages, Predictor predictor, int unitSize, int lanes = 8)
    {
        UnitPacker packer = new(unitSize, predictor.FrequencyBits);
        foreach (EncodedMessage message in Encode(messages, predictor, unitSize, lanes))
        {
            packer.Add(message);
        }

        List<PackedUnit> units = [];
        while (packer.HasPending)
        {
            units.Add(packer.Build());
        }

        return units;
    }

    /// <summary>The data frames of units.</summary>
    public static List<DataFrame> Frames(params IEnumerable<ReadOnlyMemory<byte>> units)
    {
        List<DataFrame> frames = [];
        Assert.All(units, unit => Assert.True(DataFrame.TryParse(unit, frames)));
        return frames;
    }

    public static IReadOnlyList<DecodedFrame> Decode(IEnumerable<ReadOnlyMemory<byte>> units, Predictor predictor,
        int lanes = 8)
    {
        List<DataFrame> frames = Frames(units);
        using FrameDecoder decoder = new(predictor, lanes);
        DecodingBatch batch = new(frames);
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
        List<PackedUnit> units = Pack(messages, predictor, unitSize, encoders);
        Assert.Equal(Pack(messages, predictor, unitSize, 1).Select(u => u.Data.ToArray()),
            units.Select(u => u.Data.ToArray()));
        List<ReceivedMessage> received = Assemble(Decode(units.Select(u => u.Data), predictor, decoders));
        Assert.Equal(messages.Select(m => m.Content.ToArray()), received.Select(m => m.Content.ToArray()));
    }
}
