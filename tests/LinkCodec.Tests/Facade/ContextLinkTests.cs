using System.Threading.Channels;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Snapshots;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Facade;

/// <summary>Senders and receivers whose predictor learns from acknowledged messages.</summary>
public sealed class ContextLinkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Messages_that_follow_reports_take_less_than_without_context()
    {
        long cold = await CodedBytesAsync(ContextMode.None);
        long warm = await CodedBytesAsync(ContextMode.Acknowledged);
        Assert.True(warm < cold * 3 / 4, $"{warm} bytes with context, {cold} without");
    }

    [Theory]
    [InlineData(1UL, true)]
    [InlineData(2UL, false)]
    public async Task Losses_repetitions_and_swaps_in_both_directions_change_no_message(ulong seed, bool ordered)
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(o => o with
        {
            Ordered = ordered,
            Rate = new DataRate(2_000_000),
            MaxDatagramSize = 200,
        }, Learning(), relayed: true);
        link.Relay!.Forward = Harm(new TestRandom(seed));
        link.Relay.Back = Harm(new TestRandom(seed + 100));
        byte[][] messages = [.. Enumerable.Range(0, 1_500).Select(Reading)];

        byte[][] came = await link.CarryAsync(messages);

        Assert.Equal(messages.Order(Bytes), came.Order(Bytes));
        Assert.True(!ordered || messages.Zip(came).All(pair => pair.First.SequenceEqual(pair.Second)));
        Assert.True(link.Sender.UsesContext);
    }

    [Fact]
    [Spec("5.5-7")]
    public async Task Where_reports_stop_messages_go_on_from_what_was_acknowledged()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(snapshots: Learning(), relayed: true);
        link.Relay!.Back = (_, _) => [];
        Task<List<ReceivedMessage>> receiving = TakeAsync(link.Receiver, 300);
        for (int i = 0; i < 300; i++)
        {
            await link.Sender.SendAsync(Reading(i));
        }

        List<ReceivedMessage> came = await receiving.WaitAsync(LoopbackLink.Patience);
        Assert.All(came, message => Assert.Equal(Reading((int)message.Number), message.Content.ToArray()));
    }

    [Theory]
    [InlineData(UnitDelivery.Once, true)]
    [InlineData(UnitDelivery.Reliable, false)]
    [Spec("5.5-7")]
    public async Task Without_reports_or_a_promise_there_is_no_context(UnitDelivery delivery, bool returnPath)
    {
        using LinkSnapshots learning = Learning();
        LinkEndpoint file = LinkEndpoint.File(Path.Combine(_folder.FullName, "x"));
        if (!returnPath)
        {
            await using LinkSender oneWay = await LinkSender.ConnectAsync(file,
                new LinkOptions { UsePublishedKeys = true }, learning);
            Assert.False(oneWay.UsesContext);
            return;
        }

        await using LoopbackLink link = await LoopbackLink.OpenAsync(o => o with { Delivery = delivery }, learning);
        Assert.False(link.Sender.UsesContext);
    }

    [Fact]
    public async Task Messages_are_chained_in_files_alone()
    {
        using LinkSnapshots learning = Learning();
        await Assert.ThrowsAsync<ArgumentException>(() => LinkSender.ConnectAsync(
            LinkEndpoint.Udp("127.0.0.1", 9),
            LoopbackLink.SenderOptions with { Context = ContextMode.Chained }, learning));
    }

    [Fact]
    [Spec("8.1-4")]
    [Spec("8.4-1")]
    public async Task A_chained_file_is_smaller_and_restored()
    {
        (string cold, long coldBytes) = await PackAsync("cold", ContextMode.None);
        (string chained, long chainedBytes) = await PackAsync("chained", ContextMode.Chained);
        Assert.True(chainedBytes < coldBytes * 3 / 4, $"{chainedBytes} bytes chained, {coldBytes} cold");
        Assert.Equal((3, 4), (File.ReadAllBytes(cold)[7], File.ReadAllBytes(chained)[7]));
        using LinkSnapshots learning = Learning();
        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(LinkEndpoint.File(chained),
            new LinkOptions { UsePublishedKeys = true }, learning);
        List<ReceivedMessage> came = await LoopbackLink.ReceiveAllAsync(receiver);
        Assert.Equal(500, came.Count);
        Assert.All(came, message => Assert.Equal(Reading((int)message.Number), message.Content.ToArray()));
        Assert.Empty(receiver.Missing);
    }

    [Fact]
    [Spec("5.5-6")]
    public async Task Damage_to_a_chained_file_loses_what_leans_on_it_and_gives_nothing_wrong()
    {
        (string path, _) = await PackAsync("chained", ContextMode.Chained);
        byte[] file = await File.ReadAllBytesAsync(path);
        file[file.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(path, file);
        using LinkSnapshots learning = Learning();
        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(LinkEndpoint.File(path),
            new LinkOptions { UsePublishedKeys = true }, learning);
        List<ReceivedMessage> came = await LoopbackLink.ReceiveAllAsync(receiver);
        Assert.InRange(came.Count, 100, 400);
        Assert.All(came, message => Assert.Equal(Reading((int)message.Number), message.Content.ToArray()));
        Assert.Equal((ulong)came.Count, receiver.Missing[0].First);
        Assert.Equal(500UL - (ulong)came.Count, receiver.Missing[0].Count);
    }

    [Fact]
    [Spec("8.1-4")]
    public async Task A_base_in_a_file_that_has_none_is_refused()
    {
        (string path, _) = await PackAsync("chained", ContextMode.Chained);
        byte[] file = await File.ReadAllBytesAsync(path);
        file[7] = 3;
        await File.WriteAllBytesAsync(path, file);
        using LinkSnapshots learning = Learning();
        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(LinkEndpoint.File(path),
            new LinkOptions { UsePublishedKeys = true }, learning);
        Assert.Equal(LinkErrorCode.Malformed,
            (await Assert.ThrowsAsync<LinkException>(() => LoopbackLink.ReceiveAllAsync(receiver))).Code);
    }

    /// <summary>Drops one in eight, repeats one in eight, and lets one in eight overtake the next.</summary>
    private static Func<byte[], int, IEnumerable<byte[]>> Harm(TestRandom random)
    {
        byte[]? held = null;
        return (datagram, number) =>
        {
            byte[][] late = held is null ? [] : [held];
            held = null;
            switch (number < 12 ? 7 : random.Next(8)) // The handshake passes.
            {
                case 0:
                    return late;
                case 1:
                    return [datagram, .. late, datagram];
                case 2:
                    held = datagram;
                    return late;
                default:
                    return [datagram, .. late];
            }
        };
    }

    private static LinkSnapshots Learning() => LinkSnapshots.Of(Snapshot.WithoutFiles(new BitPredictor()));

    private static byte[] Reading(int number) => Compression.ContextTests.Reading(number);

    private static Comparer<byte[]> Bytes { get; } = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private static async Task<List<ReceivedMessage>> TakeAsync(ReceivingEnd receiver, int count)
    {
        List<ReceivedMessage> all = [];
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            all.Add(message);
            if (all.Count == count)
            {
                break;
            }
        }

        return all;
    }

    // Each message is sent when a report has come since the one before, as on a link that is not in a hurry.
    private static async Task<long> CodedBytesAsync(ContextMode mode)
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(o => o with { Context = mode }, Learning(),
            relayed: true);
        Channel<int> reports = Channel.CreateUnbounded<int>();
        link.Relay!.Back = (datagram, number) =>
        {
            reports.Writer.TryWrite(number);
            return [datagram];
        };
        using CancellationTokenSource limit = new(LoopbackLink.Patience);
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(link.Receiver);
        for (int i = 0; i < 40; i++)
        {
            await link.Sender.SendAsync(Reading(i));
            await reports.Reader.ReadAsync(limit.Token);
        }

        await link.Sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Enumerable.Range(0, 40).Select(Reading), (await receiving).Select(m => m.Content.ToArray()));
        return link.Sender.Statistics.CodedBytes;
    }

    private async Task<(string Path, long CodedBytes)> PackAsync(string name, ContextMode mode)
    {
        string path = Path.Combine(_folder.FullName, name);
        using LinkSnapshots learning = Learning();
        await using LinkSender sender = await LinkSender.ConnectAsync(LinkEndpoint.File(path),
            new LinkOptions { Context = mode, MaxDatagramSize = 300, UsePublishedKeys = true }, learning);
        await LoopbackLink.SendAllAsync(sender, Enumerable.Range(0, 500).Select(Reading));
        return (path, sender.Statistics.CodedBytes);
    }
}
