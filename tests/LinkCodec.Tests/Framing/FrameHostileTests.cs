using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Framing;

public sealed class FrameHostileTests
{
    private const ulong Seed = 0x5E55_0002;

    [Fact]
    [Spec("4.1-1")]
    public void Every_cut_of_a_segment_is_read_or_refused_within_its_bytes()
    {
        byte[] whole = Convert.FromHexString("0102414402FB01030802C3A40403810102051F1107050155667788090602" + "14029001869F0011223344556677");
        for (int length = 0; length <= whole.Length; length++)
        {
            Walk(whole.AsSpan(0, length));
        }
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_allocate()
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        byte[] bytes = new byte[64];
        Walk(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200_000; i++)
        {
            random.Fill(bytes);
            bytes[0] %= 0x1A; // Else nearly all fail at the first byte.
            Walk(bytes.AsSpan(0, 1 + (i % 64)));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Walk(ReadOnlySpan<byte> plaintext)
    {
        FrameReader reader = new(plaintext);
        int consumed = 0;
        while (reader.TryRead(out Frame frame))
        {
            if (reader.Consumed <= consumed || frame.Bytes.Length > plaintext.Length)
            {
                throw new InvalidOperationException("The cursor stands still or reads beyond its bytes.");
            }

            consumed = reader.Consumed;
        }

        if (reader.Error == LinkErrorCode.None && consumed != plaintext.Length)
        {
            throw new InvalidOperationException("Bytes were left over without an error.");
        }
    }
}
