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
    [Theory]
    [InlineData(Effort.Stored)]
    [InlineData(Effort.Fast)]
    [InlineData(Effort.Primed)]
    [InlineData(Effort.Flight)]
    public void What_is_put_in_front_leaves_though_it_fills_no_unit(Effort effort)
    {
        LinkOptions sending = LoopbackLink.SenderOptions with
        {
            OneWayDelay = TimeSpan.FromMilliseconds(20), Rate = new DataRate(200_000), Effort = effort,
        };
        using EndpointLink link = new(LoopbackLink.ReceiverOptions with { OneWayDelay = sending.OneWayDelay });
        SenderEndpoint sender = link.Connect(sending);
        link.Run(TimeSpan.FromSeconds(5), () => sender.HasSession);
        SenderStream stream = sender.Stream!;
        stream.TrackReports(10);
        for (int i = 0; i < 3; i++)
        {
            stream.Add(Message(10 + i));
        }

        stream.AddEarlier([.. Enumerable.Range(5, 5).Select(i => new OutgoingMessage((ulong)i, Message(i)))]);
        stream.AddEarlier([.. Enumerable.Range(0, 5).Select(i => new OutgoingMessage((ulong)i, Message(i)))]);
        stream.AddEarlier([new OutgoingMessage(12, Message(12))]); // Once more, and behind it lower ones.
        stream.Complete();
        ReceiverEndpoint? receiver = null;
        List<ReceivedMessage> got = [];
        link.Run(TimeSpan.FromMinutes(1), () =>
        {
            _ = receiver is not null || link.Listener.TryAccept(out receiver);
            got.AddRange(receiver is null ? [] : link.Take(receiver));
            return stream.IsThrough;
        });
        Assert.True(stream.IsThrough);
        Assert.Equal(Enumerable.Range(0, 13).Select(Message), got.Select(message => message.Content.ToArray()));
    }

    [Theory]
    [InlineData(Effort.Stored)]
    [InlineData(Effort.Primed)]
    [InlineData(Effort.Flight)]
    public void What_is_put_in_front_leaves_before_what_is_coded_already(Effort effort)
    {
        LinkOptions sending = LoopbackLink.SenderOptions with
        {
            OneWayDelay = TimeSpan.FromMilliseconds(20), Rate = new DataRate(200_000), Effort = effort,
        };
        using EndpointLink link = new(LoopbackLink.ReceiverOptions with { OneWayDelay = sending.OneWayDelay });
        SenderEndpoint sender = link.Connect(sending);
        link.Run(TimeSpan.FromSeconds(5), () => sender.HasSession);
        SenderStream stream = sender.Stream!;
        stream.TrackReports(10);
        byte[] large = new byte[300_000]; // Twelve seconds of the link.
        new Random(1).NextBytes(large);
        stream.Add(large);
        link.Run(TimeSpan.FromSeconds(1), () => false);
        stream.AddEarlier([.. Enumerable.Range(0, 10).Select(i => new OutgoingMessage((ulong)i, Message(i)))]);
        ReceiverEndpoint? receiver = null;
        List<ReceivedMessage> got = [];
        link.Run(TimeSpan.FromSeconds(2), () =>
        {
            _ = receiver is not null || link.Listener.TryAccept(out receiver);
            got.AddRange(receiver is null ? [] : link.Take(receiver));
            return got.Count == 10;
        });
        Assert.Equal(Enumerable.Range(0, 10).Select(Message), got.Select(message => message.Content.ToArray()));
    }

    private static byte[] Message(int number) => Encoding.ASCII.GetBytes($"message {number} of some");
}
