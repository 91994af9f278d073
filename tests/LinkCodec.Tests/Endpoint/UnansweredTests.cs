using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Facade;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>A receiver that reports what comes, and is killed before it tells what it has.</summary>
public sealed class UnansweredTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)] // All is sent, and it waits for the receiver to have used it.
    [Spec("4.8-3")]
    public void A_sender_that_has_asked_notices_that_its_receiver_was_started_anew(bool isPressed, bool isComplete)
    {
        LinkOptions sending = LoopbackLink.SenderOptions with
        {
            OneWayDelay = TimeSpan.FromMilliseconds(20), IdleTimeout = TimeSpan.FromHours(2),
        };
        using EndpointLink link = new(LoopbackLink.ReceiverOptions with { OneWayDelay = sending.OneWayDelay });
        SenderEndpoint sender = link.Connect(sending);
        link.Run(TimeSpan.FromSeconds(5), () => sender.HasSession);
        SenderStream stream = sender.Stream!;
        (stream.Asks, stream.IsPressed) = (!isPressed, isPressed);
        stream.Add(new byte[20]);
        if (isComplete)
        {
            stream.Complete();
        }

        link.Run(TimeSpan.FromSeconds(5)); // It is reported.
        link.RestartListener();
        Assert.Null(stream.Closing);
        link.Run(TimeSpan.FromMinutes(2), () => stream.Closing is not null);
        Assert.Equal(SenderEndpoint.ForgottenByReceiver, stream.Closing?.Text);
    }
}
