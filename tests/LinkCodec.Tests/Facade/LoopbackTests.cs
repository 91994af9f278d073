using System.Text;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Whole links over UDP: what was sent comes out, in order, byte for byte.</summary>
public sealed class LoopbackTests
{
    private const ulong Seed = 0x10CA;

    [Fact]
    public async Task Messages_of_every_kind_arrive_identical_and_in_order()
    {
        TestRandom random = new(Seed);
        byte[][] sent =
        [
            [], "first"u8.ToArray(), [], [0], random.Bytes(1), random.Bytes(5000), random.Bytes(1 << 20), [],
            new byte[70_000], Text(random, 50_000), "last"u8.ToArray(),
        ];
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        Task<List<Core.Compression.ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(link.Receiver);
        await LoopbackLink.SendAllAsync(link.Sender, sent);
        List<Core.Compression.ReceivedMessage> got = await receiving;
        Assert.Equal(sent, got.Select(m => m.Content.ToArray()));
        Assert.Equal(Enumerable.Range(0, sent.Length).Select(i => (ulong)i), got.Select(m => m.Number));
        Assert.Empty(link.Receiver.Missing);
        Assert.Equal((ulong)sent.Length, link.Receiver.TotalMessages);
    }

    [Theory]
    [InlineData(Effort.Stored)]
    [InlineData(Effort.Fast)]
    [InlineData(Effort.Primed)]
    [InlineData(Effort.Flight)]
    [InlineData(Effort.Auto)]
    [Spec("5.6-1")]
    public async Task Messages_arrive_identical_with_every_effort(Effort effort)
    {
        TestRandom random = new(Seed);
        byte[][] sent =
        [
            .. Enumerable.Range(0, 300).Select(i => Text(random, i % 90)), random.Bytes(70_000), [],
            Text(random, 90_000), random.Bytes(300), .. Enumerable.Range(0, 2000).Select(i => Text(random, 60)),
        ];
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with { Effort = effort });
        Assert.Equal(sent, await link.CarryAsync(sent));
        long raw = sent.Sum(message => (long)message.Length);
        Assert.InRange(link.Sender.Statistics.CodedBytes, 1, effort == Effort.Stored ? raw + 4_000 : raw * 3 / 4);
    }

    [Fact]
    public async Task Five_thousand_small_messages_arrive_and_share_segments()
    {
        byte[][] sent = [.. Enumerable.Range(0, 5000)
            .Select(i => Encoding.ASCII.GetBytes($"battery {i % 17} at {i * i % 101} %"))];
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        Assert.Equal(sent, await link.CarryAsync(sent));
        LinkStatistics statistics = link.Sender.Statistics;
        Assert.True(statistics.Units < 1000, $"{statistics.Units} segments");
        Assert.True(statistics.BytesSent < statistics.MessageBytes, $"{statistics}");
    }

    [Fact]
    public async Task The_built_in_snapshot_carries_text_in_a_fraction_of_its_size()
    {
        byte[][] sent = [.. File.ReadLines(TestSnapshots.Find("samples/messages/metar.txt")).Take(40)
            .Select(Encoding.UTF8.GetBytes)];
        using LinkSnapshots snapshots = LinkSnapshots.Load([TestSnapshots.BuiltIn]);
        await using LoopbackLink link = await LoopbackLink.OpenAsync(snapshots: snapshots);
        Assert.Equal(sent, await link.CarryAsync(sent));
        Assert.Same(link.Sender.Snapshot, link.Receiver.Snapshot);
        Assert.True(link.Sender.Statistics.CodedBytes * 2 < link.Sender.Statistics.MessageBytes);
    }

    [Fact]
    public async Task Nothing_at_all_can_be_sent()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        Assert.Empty(await link.CarryAsync([]));
        Assert.Equal(0UL, link.Receiver.TotalMessages);
    }

    [Theory]
    [InlineData(HandshakePattern.KK)]
    [InlineData(HandshakePattern.KKpsk0)]
    [InlineData(HandshakePattern.IK)]
    [InlineData(HandshakePattern.XX)]
    [InlineData(HandshakePattern.NNpsk0)]
    public async Task Every_pattern_carries_messages(HandshakePattern pattern)
    {
        bool hasPsk = pattern is HandshakePattern.KKpsk0 or HandshakePattern.NNpsk0;
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with
        {
            Pattern = pattern,
            PresharedKey = hasPsk ? new ReadOnlyMemory<byte>(new byte[32]) : (ReadOnlyMemory<byte>?)null,
        });
        Assert.Equal(["one"u8.ToArray(), "two"u8.ToArray()],
            await link.CarryAsync(["one"u8.ToArray(), "two"u8.ToArray()]));
    }

    [Fact]
    public async Task A_link_without_a_return_path_needs_no_answer()
    {
        LinkOptions Change(LinkOptions options) =>
            options with { HasReturnPath = false, Rate = new DataRate(20_000_000) };
        byte[][] sent = [.. Enumerable.Range(0, 100).Select(i => Encoding.ASCII.GetBytes($"telemetry {i}"))];
        await using LoopbackLink link = await LoopbackLink.OpenAsync(Change);
        Assert.Equal(sent, await link.CarryAsync(sent));
        Assert.Equal(0, link.Receiver.Statistics.BytesSent);
        Assert.Equal(0, link.Sender.Statistics.BytesReceived);
    }

    [Theory]
    [InlineData(96, 0)]
    [InlineData(270, 0)]
    [InlineData(1200, 256)]
    [InlineData(9000, 0)]
    public async Task Datagrams_of_any_size_and_padding_carry_messages(int size, int padding)
    {
        byte[][] sent = [Text(new TestRandom(Seed + (ulong)size), 20_000), [], "x"u8.ToArray()];
        await using LoopbackLink link =
            await LoopbackLink.OpenAsync(options => options with { MaxDatagramSize = size, PaddingBucket = padding });
        Assert.Equal(sent, await link.CarryAsync(sent));
    }

    [Fact]
    public async Task Unordered_messages_all_arrive_with_their_numbers()
    {
        byte[][] sent = [.. Enumerable.Range(0, 300).Select(i => new TestRandom((ulong)i).Bytes(i * 3))];
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with { Ordered = false },
            relayed: true);
        link.Relay!.Forward = (datagram, number) => number % 7 == 3 ? [] : [datagram];
        Task<List<Core.Compression.ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(link.Receiver);
        await LoopbackLink.SendAllAsync(link.Sender, sent);
        List<Core.Compression.ReceivedMessage> got = await receiving;
        Assert.Equal(sent.Length, got.Count);
        Assert.All(got, m => Assert.Equal(sent[m.Number], m.Content.ToArray()));
    }

    private static byte[] Text(TestRandom random, int length)
    {
        StringBuilder text = new(length + 100);
        while (text.Length < length)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"t={text.Length} volt={random.Next(50)} mode=nominal\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }
}
