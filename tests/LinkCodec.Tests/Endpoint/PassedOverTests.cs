using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Facade;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>A receiver that has messages from an earlier session, of which the sender does not know yet.</summary>
public sealed class PassedOverTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [Spec("4.8-3")]
    public void What_shares_units_with_messages_that_are_there_comes_and_fills_contexts(double loss)
    {
        LinkOptions listening = LoopbackLink.ReceiverOptions with { OneWayDelay = Delay };
        LinkOptions sending = LoopbackLink.SenderOptions with
        {
            OneWayDelay = Delay, Rate = new DataRate(20_000), MaxDatagramSize = 256, Effort = Effort.Flight,
        };
        PathOptions path = new() { Delay = Delay, Rate = sending.Rate, Loss = loss };
        using EndpointLink link = new(listening, path);
        SenderEndpoint sender = link.Connect(sending);
        const int Count = 400;
        int added = 0;
        ReceiverEndpoint? receiver = null;
        List<ReceivedMessage> got = [];
        link.Run(TimeSpan.FromMinutes(10), () =>
        {
            while (sender.Stream is { HasRoom: true } stream && added < Count)
            {
                stream.Add(Encoding.ASCII.GetBytes($"message {added++} of a session that goes on"));
                if (added == Count)
                {
                    stream.Complete();
                }
            }

            if (receiver is null && link.Listener.TryAccept(out receiver))
            {
                receiver.Messages.PassOver(Count / 4, default); // The first units hold messages before and behind it.
            }

            got.AddRange(receiver is null ? [] : link.Take(receiver));
            return sender.IsOver || sender.Stream?.IsThrough == true;
        });
        Assert.True(sender.Stream!.IsThrough, $"{receiver!.Messages.ErrorText}, {got.Count} messages");
        Assert.Equal(Enumerable.Range(Count / 4, Count - (Count / 4)).Select(i => (ulong)i), got.Select(m => m.Number));
    }
}
