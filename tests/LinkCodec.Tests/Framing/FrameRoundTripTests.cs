using LinkCodec.Core.Compression;
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
    public void Data_frames_of_every_kind_and_size_read_back()
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            DataFrame frame = Any(random);
            bool toEnd = frame.IsShort || (random.NextUInt64() & 1) == 0;
            byte[] bytes = new byte[DataFrameWriter.Length(frame, toEnd)];
            Assert.Equal(bytes.Length, DataFrameWriter.Write(bytes, frame, toEnd));
            Assert.InRange(DataFrameWriter.HeaderLength(frame, toEnd: true), 2, DataFrameWriter.MaxHeader);

            ReadOnlyMemory<byte> rest = bytes;
            Assert.True(DataFrameReader.TryRead(ref rest, out DataFrame read), $"seed {Seed:x}, case {i}: {frame}");
            Assert.True(rest.IsEmpty);
            DataFrame expected = frame.IsShort ? frame with { FirstMessage = (byte)frame.FirstMessage } : frame;
            Assert.Equal(expected with { Payload = default }, read with { Payload = default });
            Assert.True(frame.Payload.Span.SequenceEqual(read.Payload.Span));
        }
    }

    [Fact]
    [Spec("4.3-1")]
    public void The_callers_mistakes_throw()
    {
        DataFrame coded = new() { Kind = DataFrameKind.Coded, Count = 1, IsLast = true };
        AssertRefused(coded with { Count = 0 }, toEnd: true);
        AssertRefused(coded with { Count = FrameLimits.MaxMessagesPerFrame + 1 }, toEnd: true);
        AssertRefused(coded with { FirstMessage = VarInt.Max, Count = 2 }, toEnd: true);
        AssertRefused(coded with { IsShort = true }, toEnd: false);
        AssertRefused(coded with { IsShort = true, Count = 2 }, toEnd: true);
        AssertRefused(coded with { IsShort = true, Offset = 1 }, toEnd: true);
        AssertRefused(coded with { IsShort = true, IsLast = false }, toEnd: true);
        AssertRefused(coded with { Kind = DataFrameKind.StoredMany, FirstMessage = VarInt.Max, Count = 2 },
            toEnd: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameWriter(new byte[700]).TryWriteControl(new byte[513]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new FrameWriter(new byte[700]).TryWriteClose(LinkErrorCode.Closed, new byte[65]));
    }

    private static void AssertRefused(DataFrame frame, bool toEnd) =>
        Assert.Throws<ArgumentException>(() => DataFrameWriter.Write(new byte[64], frame, toEnd));

    private static DataFrame Any(RandomSource random)
    {
        DataFrameKind[] kinds = Enum.GetValues<DataFrameKind>();
        DataFrameKind kind = kinds[random.NextUInt64() % (ulong)kinds.Length];
        ulong Below(ulong end) => random.NextUInt64() % end;
        int most = Below(8) == 0 ? FrameLimits.MaxMessagesPerFrame : 300;
        int count = kind switch
        {
            DataFrameKind.StoredMany => 2 + (int)Below((ulong)most - 1),
            DataFrameKind.Block or DataFrameKind.Primed or DataFrameKind.Coded => 1 + (int)Below((ulong)most),
            _ => 1,
        };
        count = kind == DataFrameKind.Coded && Below(2) == 0 ? 1 : count;
        ulong first = Math.Min(random.NextUInt64() >> (int)(2 + Below(62)), VarInt.Max - 8_190);
        DataFrame frame = new()
        {
            Kind = kind,
            FirstMessage = first,
            Count = count,
            IsLast = true,
            Payload = kind == DataFrameKind.StoredMany
                ? StoredContent.Join([.. Enumerable.Range(0, count).Select(_ => new ReadOnlyMemory<byte>(
                    new byte[Below(3)]))])
                : new byte[Below(300)],
        };
        if (frame.IsPart || (frame.IsCoded && Below(2) == 0))
        {
            frame = frame with { Offset = random.NextUInt64() >> (int)(3 + Below(61)), IsLast = Below(2) == 0 };
        }

        frame = !frame.IsCoded ? frame : frame with
        {
            IsShort = frame.IsOneCoded && Below(2) == 0,
            Base = (int)Below(4),
            Keep = (int)Below(4),
        };
        if (frame.IsMedia)
        {
            int start = (int)Below(3000);
            bool ends = Below(2) == 0;
            frame = frame with
            {
                CodeStart = start,
                Offset = (ulong)start + Below(1 << 30),
                EndsCode = ends,
                IsLast = ends && Below(2) == 0,
                Payload = new byte[1 + Below(300)],
            };
        }

        return frame with { Check = (uint)random.NextUInt64() & frame.CheckMask };
    }
}
