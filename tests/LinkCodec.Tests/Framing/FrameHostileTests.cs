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
        ReadOnlyMemory<byte> whole = Convert.FromHexString(
            "0102414402FB01030802C3A40403810102051F1107050155667788090602" + "14029001869F0011223344556677");
        for (int length = 0; length <= whole.Length; length++)
        {
            Walk(whole[..length]);
        }
    }

    [Fact]
    public void Random_bytes_never_throw_and_the_readers_never_allocate()
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        byte[] bytes = new byte[64];
        Walk(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200_000; i++)
        {
            random.Fill(bytes);
            bytes[0] = (byte)((i & 1) == 0 ? bytes[0] % 0x1C : bytes[0] | 0x80); // Else many fail at the first byte.
            Walk(bytes.AsMemory(0, 1 + (i % 64)));
        }

        // The runtime takes a little of its own while it compiles the loop.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    // Reads as far as the bytes allow.
    private static void Walk(ReadOnlyMemory<byte> plaintext)
    {
        ReadOnlyMemory<byte> rest = plaintext;
        int left = rest.Length;
        while (FrameReader.TryRead(ref rest, out Frame frame))
        {
            RequireProgress(frame.Bytes.Length);
        }

        while (DataFrameReader.TryRead(ref rest, out DataFrame frame))
        {
            RequireProgress(frame.Payload.Length);
        }

        void RequireProgress(int held)
        {
            if (rest.Length >= left || held > left - rest.Length)
            {
                throw new InvalidOperationException("A reader stands still or reads beyond its bytes.");
            }

            left = rest.Length;
        }
    }
}
