using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session;
using Xunit;

namespace LinkCodec.Tests.Security;

/// <summary>Keys that go on by bytes and by time: what opens before, behind and around each step.</summary>
public sealed class RatchetTests
{
    private static readonly JsonElement File = VectorFile.Read("segments");

    public static TheoryData<string> Ratchets =>
        [.. File.GetProperty("ratchet").EnumerateArray().Select(v => v.Text("name"))];

    [Theory]
    [MemberData(nameof(Ratchets))]
    [Spec("3.5-1")]
    [Spec("3.5-3")]
    public void A_vector_is_sealed_and_opened(string name)
    {
        JsonElement vector = File.GetProperty("ratchet").EnumerateArray().Single(v => v.Text("name") == name);
        byte tag = File.GetProperty("tag").GetByte();
        using SegmentOpener opener = new(File.Hex("key"), tag);
        foreach (JsonElement step in vector.GetProperty("steps").EnumerateArray())
        {
            ulong counter = step.GetProperty("counter").GetUInt64();
            byte[] plain = step.Hex("plaintext");
            byte[] segment = new byte[plain.Length + SegmentSealer.Overhead];
            using SegmentSealer sealer = new(File.Hex("key"), tag, counter);
            for (int i = 0; i < step.GetProperty("ratchets").GetInt32(); i++)
            {
                sealer.Ratchet();
            }

            Assert.True(sealer.TrySeal(plain, segment, out _, out _));
            Assert.Equal(step.Hex("segment"), segment);
            byte[] opened = new byte[plain.Length];
            Assert.Equal(step.GetProperty("opens").GetBoolean(), opener.TryOpen(segment, opened, out _, out _));
            Assert.Equal(step.GetProperty("opens").GetBoolean() ? plain : new byte[plain.Length], opened);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("3.5-1")]
    [Spec("3.5-2")]
    public void Both_directions_go_on_by_bytes_and_by_time_and_never_by_more_than_one(bool byTime)
    {
        using Pair pair = new();
        for (int step = 1; step <= 20; step++)
        {
            pair.Spend(byTime);
            pair.Send(pair.A, pair.B); // The first under the new key.
            Assert.Equal((ulong)step, pair.A.Ratchets);
            pair.Send(pair.A, pair.B);
            pair.Spend(byTime);
            pair.Send(pair.A, pair.B);
            Assert.Equal((ulong)step, pair.A.Ratchets); // The other end has not followed, as far as this one knows.
            byte[] segment = pair.Seal(pair.B);
            Assert.Equal((ulong)step, pair.B.Ratchets);
            Assert.Equal(SegmentStatus.Opened, pair.Open(pair.A, segment));
        }
    }

    [Fact]
    [Spec("3.5-4")]
    public void What_was_sealed_before_opens_for_a_minute_and_not_after()
    {
        using Pair pair = new();
        byte[] early = pair.Seal(pair.A);
        byte[] late = pair.Seal(pair.A);
        pair.Spend(byTime: true);
        pair.Send(pair.A, pair.B);
        Assert.Equal(SegmentStatus.Opened, pair.Open(pair.B, early));
        pair.Now += TimeSpan.FromSeconds(61);
        pair.Send(pair.A, pair.B);
        Assert.Equal(SegmentStatus.Forged, pair.Open(pair.B, late));
        pair.Send(pair.A, pair.B);
    }

    [Fact]
    [Spec("3.4-2")]
    public void Forged_segments_move_no_key()
    {
        using Pair pair = new();
        byte[] segment = pair.Seal(pair.A);
        for (int bit = 0; bit < 8 * segment.Length; bit++)
        {
            byte[] forged = [.. segment];
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SegmentStatus.Opened, pair.Open(pair.B, forged));
        }

        Assert.Equal(0UL, pair.B.Ratchets);
        Assert.Equal(SegmentStatus.Opened, pair.Open(pair.B, segment));
    }

    [Fact]
    [Spec("3.5-2")]
    public void An_outage_of_hours_in_which_the_sender_goes_on_alone_harms_nothing()
    {
        using Pair pair = new();
        for (int hour = 0; hour < 24; hour++)
        {
            pair.Now += TimeSpan.FromHours(1);
            pair.Seal(pair.A); // Lost.
        }

        pair.Send(pair.A, pair.B);
        pair.Send(pair.B, pair.A);
        Assert.Equal(1UL, pair.B.Ratchets);
        pair.Send(pair.A, pair.B); // The next one is due by now.
        Assert.Equal(2UL, pair.A.Ratchets);
    }

    // Two ends of a session, in virtual time.
    private sealed class Pair : IDisposable
    {
        private readonly byte[] _room = new byte[2048];

        public Pair()
        {
            (A, B) = HandshakeKeys.Protectors();
            Send(A, B);
            Send(B, A);
        }

        public KeyedProtector A { get; }

        public KeyedProtector B { get; }

        public Timestamp Now { get; set; }

        public void Spend(bool byTime)
        {
            if (byTime)
            {
                Now += KeyedProtector.RatchetTime;
                return;
            }

            byte[] large = new byte[1 << 20];
            byte[] sealedLarge = new byte[large.Length + SegmentSealer.Overhead];
            for (long spent = 0; spent < KeyedProtector.RatchetBytes; spent += large.Length)
            {
                A.Seal(large, sealedLarge);
            }
        }

        public byte[] Seal(KeyedProtector from)
        {
            from.OnTime(Now);
            byte[] segment = new byte[3 + from.Overhead];
            from.Seal("abc"u8, segment);
            return segment;
        }

        public SegmentStatus Open(KeyedProtector to, byte[] segment)
        {
            SegmentStatus status = to.TryOpen(segment, _room, out _, out _);
            to.OnTime(Now);
            return status;
        }

        public void Send(KeyedProtector from, KeyedProtector to) =>
            Assert.Equal(SegmentStatus.Opened, Open(to, Seal(from)));

        public void Dispose()
        {
            A.Dispose();
            B.Dispose();
        }
    }
}
