using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Facade;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>Messages that are queued before others that were queued earlier, as a resumed session does it.</summary>
public sealed class OutgoingOrderTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(Effort.Stored)]
    [InlineData(Effort.Fast)]
    [InlineData(Effort.Primed)]
    [InlineData(Effort.Flight)]
    public void What_is_put_in_front_leaves_though_it_fills_no_unit(Effort effort)
    {
        using EndpointLink link = new(LoopbackLink.ReceiverOptions with { OneWayDelay = Delay });
        SenderStream stream = Begin(link, effort);
        for (int i = 0; i < 3; i++)
        {
            stream.Add(Message(10 + i));
        }

        stream.AddEarlier([.. Enumerable.Range(5, 5).Select(i => new OutgoingMessage((ulong)i, Message(i)))]);
        stream.AddEarlier([.. Enumerable.Range(0, 5).Select(i => new OutgoingMessage((ulong)i, Message(i)))]);
        stream.AddEarlier([new OutgoingMessage(12, Message(12))]); // Once more, and behind it lower ones.
        stream.Complete();
        List<ReceivedMessage> got = Receive(link, TimeSpan.FromMinutes(1), _ => stream.IsThrough);
        Assert.True(stream.IsThrough);
        Assert.Equal(Enumerable.Range(0, 13).Select(Message), got.Select(message => message.Content.ToArray()));
    }

    [Theory]
    [InlineData(Effort.Stored)]
    [InlineData(Effort.Primed)]
    [InlineData(Effort.Flight)]
    public void What_is_put_in_front_leaves_before_what_is_coded_already(Effort effort)
    {
        using EndpointLink link = new(LoopbackLink.ReceiverOptions with { OneWayDelay = Delay });
        SenderStream stream = Begin(link, effort);
        byte[] large = new byte[300_000]; // Twelve seconds of the link.
        new Random(1).NextBytes(large);
        stream.Add(large);
        link.Run(TimeSpan.FromSeconds(1), () => false);
        stream.AddEarlier([.. Enumerable.Range(0, 10).Select(i => new OutgoingMessage((ulong)i, Message(i)))]);
        List<ReceivedMessage> got = Receive(link, TimeSpan.FromSeconds(2), all => all.Count == 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(Message), got.Select(message => message.Content.ToArray()));
    }

    // A session whose messages before number 10 may be added later.
    private static SenderStream Begin(EndpointLink link, Effort effort)
    {
        SenderEndpoint sender = link.Connect(LoopbackLink.SenderOptions with
        {
            OneWayDelay = Delay, Rate = new DataRate(200_000), Effort = effort,
        });
        link.Run(TimeSpan.FromSeconds(5), () => sender.HasSession);
        sender.Stream!.TrackReports(10);
        return sender.Stream;
    }

    private static List<ReceivedMessage> Receive(EndpointLink link, TimeSpan limit,
        Func<List<ReceivedMessage>, bool> isDone)
    {
        ReceiverEndpoint? receiver = null;
        List<ReceivedMessage> got = [];
        link.Run(limit, () =>
        {
            _ = receiver is not null || link.Listener.TryAccept(out receiver);
            got.AddRange(receiver is null ? [] : link.Take(receiver));
            return isDone(got);
        });
        return got;
    }

    private static byte[] Message(int number) => Encoding.ASCII.GetBytes($"message {number} of some");
}
