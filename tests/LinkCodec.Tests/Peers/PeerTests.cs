using System.Text;
using LinkCodec.Peers;
using Xunit;

namespace LinkCodec.Tests.Peers;

public sealed class PeerTests : IDisposable
{
    private static readonly byte[][] Examples = [.. Enumerable.Range(0, 2000).Select(i =>
        Encoding.ASCII.GetBytes($"{{\"sensor\":{i % 7},\"temperature\":{20 + (i % 13)}.{i % 10},\"status\":\"nominal\",\"sequence\":{i}}}"))];

    private readonly IReadOnlyList<PeerEntry> _peers = PeerCatalog.Create(Examples);

    public void Dispose()
    {
        foreach (PeerEntry peer in _peers)
        {
            peer.Codec?.Dispose();
        }
    }

    [Fact]
    public void Every_peer_is_usable_or_says_why_not() =>
        Assert.All(_peers, peer => Assert.True(peer.Codec is null ? peer.Unavailable!.Length > 10 : peer.Codec.Name == peer.Name));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(70_000)]
    public void Every_peer_gives_back_what_it_took(int length)
    {
        byte[] noise = new byte[length];
        LinkCodec.Core.Primitives.RandomSource.FromSeed((ulong)length).Fill(noise);
        byte[] text = [.. Enumerable.Range(0, length).Select(i => (byte)"the quick brown fox "[i % 20])];
        foreach (IPeerCodec peer in _peers.Select(peer => peer.Codec).OfType<IPeerCodec>())
        {
            Assert.Equal(noise, peer.Decompress(peer.Compress(noise), length));
            Assert.Equal(text, peer.Decompress(peer.Compress(text), length));
        }
    }

    [Fact]
    public void Garbage_is_a_peer_exception_and_nothing_else()
    {
        foreach (IPeerCodec peer in _peers.Select(peer => peer.Codec).OfType<IPeerCodec>())
        {
            Assert.Throws<PeerException>(() => peer.Decompress([0xFF, 0xFE, 0xFD], 100));
        }
    }

    [Fact]
    public void A_dictionary_helps_on_messages_like_its_examples()
    {
        long plain = Measure("zstd 19"), primed = Measure("zstd 19 with dictionary");
        Assert.InRange(primed, 1, plain / 2);
    }

    [Fact]
    public void No_message_costs_more_than_one_byte_over_raw()
    {
        byte[][] pairs = [.. Enumerable.Range(0, 64).Select(i => new[] { (byte)i, (byte)(255 - i) })];
        Assert.All(_peers.Where(peer => peer.Codec is { WholeFilesOnly: false }),
            peer => Assert.InRange(PeerMeasurement.Of(peer.Codec!, pairs).CodedBytes, 1, 3 * 64));
    }

    [Fact]
    public void A_peer_that_loses_a_byte_is_caught() =>
        Assert.Throws<PeerException>(() => PeerMeasurement.Of(new LossyPeer(), [[1, 2, 3]]));

    [Fact]
    public void Too_few_examples_are_a_reason_and_no_crash()
    {
        string? reason = PeerCatalog.Create([[1], [2]]).Single(peer => peer.Name == "zstd 19 with dictionary").Unavailable;
        Assert.Contains("too few", reason!, StringComparison.Ordinal);
    }

    private long Measure(string name) => PeerMeasurement.Of(_peers.Single(peer => peer.Name == name).Codec!, Examples[..300]).CodedBytes;

    private sealed class LossyPeer : IPeerCodec
    {
        public string Name => "lossy";

        public bool WholeFilesOnly => false;

        public byte[] Compress(ReadOnlySpan<byte> message) => message.ToArray();

        public byte[] Decompress(ReadOnlySpan<byte> coded, int length) => new byte[length];

        public void Dispose()
        {
        }
    }
}
