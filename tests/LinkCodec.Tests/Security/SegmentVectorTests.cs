using System.Text.Json;
using LinkCodec.Core.Security;
using Xunit;

namespace LinkCodec.Tests.Security;

public sealed class SegmentVectorTests
{
    private static readonly JsonElement File = VectorFile.Read("segments");
    private static readonly byte Tag = File.GetProperty("tag").GetByte();

    public static TheoryData<string> Valid =>
        [.. File.GetProperty("valid").EnumerateArray().Select(v => v.Text("name"))];

    public static TheoryData<string> MustReject =>
        [.. File.GetProperty("must_reject").EnumerateArray().Select(v => v.Text("name"))];

    [Theory]
    [MemberData(nameof(Valid))]
    [Spec("3.1-1")]
    [Spec("3.1-2")]
    [Spec("3.2-1")]
    [Spec("3.3-1")]
    public void A_vector_is_sealed_and_opened(string name)
    {
        JsonElement vector = File.GetProperty("valid").EnumerateArray().Single(v => v.Text("name") == name);
        ulong counter = vector.GetProperty("counter").GetUInt64();
        byte[] plain = vector.Hex("plaintext");
        byte[] expected = vector.Hex("segment");

        using SegmentSealer sealer = new(File.Hex("key"), Tag, counter);
        byte[] segment = new byte[plain.Length + SegmentSealer.Overhead];
        Assert.True(sealer.TrySeal(plain, segment, out ulong used, out int length));
        Assert.Equal((counter, expected.Length), (used, length));
        Assert.Equal(expected, segment);

        using SegmentOpener opener = new(File.Hex("key"), Tag);
        JsonElement after = vector.GetProperty("after");
        if (after.ValueKind == JsonValueKind.Number)
        {
            OpenUpTo(opener, after.GetUInt64());
        }

        byte[] opened = new byte[plain.Length];
        Assert.True(opener.TryOpen(expected, opened, out ulong found, out int size));
        Assert.Equal((counter, plain.Length), (found, size));
        Assert.Equal(plain, opened);
        Assert.True(opener.WasOpened(counter));
        Assert.False(opener.TryOpen(expected, opened, out _, out _));
    }

    [Theory]
    [MemberData(nameof(MustReject))]
    [Spec("3.4-1")]
    [Spec("3.4-2")]
    public void A_bad_segment_is_refused_and_leaves_no_trace(string name)
    {
        JsonElement vector = File.GetProperty("must_reject").EnumerateArray().Single(v => v.Text("name") == name);
        using SegmentOpener opener = new(File.Hex("key"), Tag);
        byte[] room = new byte[256];
        foreach (JsonElement before in vector.GetProperty("after").EnumerateArray())
        {
            Assert.True(opener.TryOpen(Convert.FromHexString(before.GetString()!), room, out _, out _));
        }

        ulong? highest = opener.HighestCounter;
        byte[] segment = vector.Hex("segment");
        byte[] plaintext = new byte[Math.Max(0, segment.Length - SegmentSealer.Overhead)];
        Array.Fill(plaintext, (byte)0xEE);
        Assert.False(opener.TryOpen(segment, plaintext, out ulong counter, out int length));
        Assert.Equal((0UL, 0), (counter, length));
        Assert.All(plaintext, b => Assert.Equal(0, b));
        Assert.Equal(highest, opener.HighestCounter);
        Assert.Equal(1, opener.RejectedCount);
    }

    private static void OpenUpTo(SegmentOpener opener, ulong counter)
    {
        // A header reaches 2^23 counters ahead: walk there.
        byte[] segment = new byte[SegmentSealer.Overhead];
        for (ulong at = Math.Min(counter, 1 << 22); ; at = Math.Min(counter, at + (1 << 22)))
        {
            using SegmentSealer sealer = new(File.Hex("key"), Tag, at);
            Assert.True(sealer.TrySeal(default, segment, out _, out _));
            Assert.True(opener.TryOpen(segment, default, out _, out _));
            if (at == counter)
            {
                return;
            }
        }
    }
}
