using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session;
using LinkCodec.Transport;
using LinkCodec.Transport.Udp;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>A sender with valid keys withholds message 0 and sends all others, without heeding what is reported.</summary>
[Collection(AloneCollection.Name)]
public sealed class WithholdingSenderTests
{
    [Fact]
    [Spec("4.6-2")]
    public async Task A_sender_that_withholds_message_0_takes_no_more_of_the_receiver_than_its_options_say()
    {
        await using LinkReceiver receiver = await LoopbackLink.ListenAsync();
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await using UdpTransport transport = await UdpTransport.ConnectAsync(receiver.Endpoint);
        LinkOptions options = LoopbackLink.SenderOptions with { Delivery = UnitDelivery.Once };
        LinkDriver driver = new(transport, TimeProvider.System);
        using HandshakeInitiator initiator = new(options.ToHandshake(LoopbackLink.WithoutFiles.Offers(), hasReturnPath: true));
        using EstablishedKeys keys = (EstablishedKeys)await driver.ConnectAsync(initiator, LoopbackLink.Patience, default);
        using LiveSession session = new(options.ToSession(hasReturnPath: true), keys, driver.Now);
        Withholding handler = new(messages: 60_000);
        using CancellationTokenSource stop = new();
        Task driving = driver.RunAsync(session, handler, stop.Token);
        Assert.Same(handler.Sent, await Task.WhenAny(handler.Sent, driving).WaitAsync(LoopbackLink.Patience));

        // 60 MB were sent; the reorder buffer takes 8 MiB, and what waits to be decoded a few.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, 32 << 20);
        Assert.True(receiver.Statistics.Session.Overflowed > 1_000);
        Assert.Equal(0, receiver.Statistics.Messages);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => driving);
        await receiver.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => receiving.WaitAsync(LoopbackLink.Patience));
    }

    private sealed class Withholding(ulong messages) : ISessionHandler
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _unit = new byte[1100];
        private ulong _next = 1;

        public Task Sent => _sent.Task;

        public bool CanTakeEvents => true;

        public Timestamp NextDeadline => Timestamp.Never;

        public void Pump(LiveSession session, Timestamp now)
        {
            while (_next < messages && session.CanEnqueue && session.UnitsWaiting < 4)
            {
                int header = DataFrameWriter.WriteStoredHeader(_unit, _next);
                session.Enqueue(_unit.AsSpan(0, header + 1000), (long)_next++);
            }

            if (_next == messages && session.UnitsWaiting == 0)
            {
                _sent.TrySetResult();
            }
        }

        public void OnEvent(in SessionEvent e)
        {
        }

        public bool OnPeerRestart(LiveSession session, Timestamp now) => false;

        public void OnLinkEnd()
        {
        }
    }
}
