using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Framing;

public sealed class FrameRoundTripTests
{
    private const ulong Seed = 0x5E55_0001;

    [Fact]
    public void What_is_written_is_read_again()
    {
        byte[] buffer = new byte[256];
        FrameWriter writer = new(buffer);
        Assert.True(writer.TryWritePing());
        Assert.True(writer.TryWriteReport(1000, [0x0F, 0, 0x80, 0, 0]));
        Assert.True(writer.TryWriteEnd(VarInt.Max));
        Assert.True(writer.TryWriteControl([0x80]));
        Assert.True(writer.TryWriteClose(LinkErrorCode.Canceled, "done"u8));
        writer.WritePadding(3);

        Assert.True(Segment.TryRead(buffer.AsMemory(0, writer.Written), out Segment segment));
        Assert.Equal(
            [FrameType.Ping, FrameType.Report, FrameType.End, FrameType.Control, FrameType.Close],
            segment.Frames.Select(frame => frame.Type));
        Assert.Equal([0UL, 1000, VarInt.Max, 0, 15], segment.Frames.Select(frame => frame.Value));
        Assert.Equal(
            ["", "0F0080", "", "80", Convert.ToHexString("done"u8)],
            segment.Frames.Select(frame => Convert.ToHexString(frame.Bytes.Span)));
        Assert.Empty(segment.Unit);
    }

    [Fact]
    public void A_frame_that_does_not_fit_leaves_no_trace()
    {
        for (int room = 0; room < 12; room++)
        {
            FrameWriter writer = new(new byte[room]);
            Assert.False(writer.TryWriteReport(1 << 20, [1, 2, 3, 4, 5, 6]));
            Assert.False(writer.TryWriteControl(new byte[20]));
            Assert.False(writer.TryWriteClose(LinkErrorCode.Closed, "ten bytes!"u8));
            Assert.False(writer.TryWriteUnit(new byte[12]));
            Assert.Equal(0, writer.Written);
        }
    }

    [Fact]
    public void Data_headers_of_every_kind_and_size_read_back()
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            DataFrameKind kind = Enum.GetValues<DataFrameKind>()[random.NextUInt64() % 5];
            ulong message = random.NextUInt64() >> (int)(2 + (random.NextUInt64() % 62));
            ulong offset = kind is DataFrameKind.CodedPart or DataFrameKind.StoredPart
                ? random.NextUInt64() >> (int)(3 + (random.NextUInt64() % 61))
                : 0;
            // Of several stored messages the first is as empty as its zero says.
            int payload = 1 + (int)(random.NextUInt64() % 300);
            bool toEnd = (random.NextUInt64() & 1) == 0;
            bool last = (random.NextUInt64() & 1) == 0;
            message = Math.Min(message, VarInt.Max - 254);
            ulong start = kind is DataFrameKind.Coded or DataFrameKind.CodedPart && (random.NextUInt64() & 1) == 0
                ? random.NextUInt64() % (message + 1)
                : 0;
            byte[] frame = Write(kind, message, offset, last, payload, toEnd, start);

            ReadOnlyMemory<byte> rest = frame;
            Assert.True(DataFrameReader.TryRead(ref rest, out DataFrame read), $"seed {Seed:x}, case {i}");
            Assert.Equal((kind, message, offset, payload, start),
                (read.Kind, read.FirstMessage, read.Offset, read.Payload.Length, read.Base));
            Assert.Equal(last || !read.IsPart, read.IsLast);
            Assert.Equal(read.IsCoded ? 0xDEAD_BEEF : 0, read.Check);
            Assert.True(rest.IsEmpty);
            byte[] again = new byte[DataFrameWriter.Length(read, toEnd)];
            Assert.Equal(frame.Length, DataFrameWriter.Write(again, read, toEnd));
            Assert.Equal(frame, again);
        }
    }

    [Fact]
    [Spec("4.3-1")]
    public void The_callers_mistakes_throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DataFrameWriter.WriteCodedHeader(new byte[32], 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataFrameWriter.WriteCodedHeader(new byte[32], 0, 256, 0));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => DataFrameWriter.WriteCodedHeader(new byte[32], VarInt.Max, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => DataFrameWriter.WriteCodedHeader(new byte[32], 5, 1, 0, start: 6));
        Assert.Throws<ArgumentException>(() => DataFrameWriter.WriteStoredHeader(new byte[1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataFrameWriter.WriteStoredManyHeader(new byte[32], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => DataFrameWriter.WriteStoredManyHeader(new byte[32], VarInt.Max, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameWriter(new byte[700]).TryWriteControl(new byte[513]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new FrameWriter(new byte[700]).TryWriteClose(LinkErrorCode.Closed, new byte[65]));
    }

    private static byte[] Write(DataFrameKind kind, ulong message, ulong offset, bool last, int payload,
        bool toEnd, ulong start)
    {
        int length = toEnd ? DataFrameWriter.ToEnd : payload;
        byte[] frame = new byte[DataFrameWriter.HeaderLength(kind, message, offset, length, start) + payload];
        int header = kind switch
        {
            DataFrameKind.Coded => DataFrameWriter.WriteCodedHeader(frame, message, 255, 0xDEAD_BEEF, length, start),
            DataFrameKind.Stored => DataFrameWriter.WriteStoredHeader(frame, message, length),
            DataFrameKind.StoredMany => DataFrameWriter.WriteStoredManyHeader(frame, message, 2, length),
            DataFrameKind.CodedPart =>
                DataFrameWriter.WriteCodedPartHeader(frame, message, offset, last, 0xDEAD_BEEF, length, start),
            _ => DataFrameWriter.WriteStoredPartHeader(frame, message, offset, last, length),
        };
        Assert.Equal(frame.Length - payload, header);
        return frame;
    }
}
