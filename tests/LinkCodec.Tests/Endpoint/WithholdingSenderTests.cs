using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Facade;
using LinkCodec.Tests.Session;
using LinkCodec.Transport;
using LinkCodec.Transport.Driving;
using LinkCodec.Transport.Udp;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>
/// A sender with valid keys withholds message 0 and sends all others, without heeding what is reported.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class WithholdingSenderTests
{
    [Fact]
    [Spec("4.6-2")]
    public async Task A_sender_that_withholds_message_0_takes_no_more_of_the_receiver_than_its_options_say()
    {
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(
            LoopbackLink.ReceiverOptions with { ReorderBufferSize = 8 << 20 });
        Task accepting = receiver.AcceptAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await using UdpTransport transport = await UdpTransport.ConnectAsync("127.0.0.1", receiver.Endpoint.Port);
        LinkOptions options = LoopbackLink.SenderOptions with { Delivery = UnitDelivery.Once };
        SystemTimestampSource clock = new();
        HandshakeOptions handshake = options.ToHandshake(LoopbackLink.WithoutFiles.Offers(), hasReturnPath: true);
        Withholding sender = new(options.ToEndpoint(handshake, [LoopbackLink.WithoutFiles.All[0].Predictor],
            hasReturnPath: true), clock.Now);
        await using EndpointRun run = new(transport, sender, (_, _) => Task.CompletedTask, maxWork: 1, clock,
            isReceiving: true);
        await accepting.WaitAsync(LoopbackLink.Patience);
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        Assert.Same(sender.Sent, await Task.WhenAny(sender.Sent, run.Completion).WaitAsync(LoopbackLink.Patience));

        // A busy system may drop much of that before it is received: the sender goes on until the receiver has had
        // more than it takes.
        using CancellationTokenSource patience = new(LoopbackLink.Patience);
        while (receiver.Statistics.Session.Overflowed <= 1_000)
        {
            run.Do(_ => sender.Messages += 10_000);
            await Task.Delay(50, patience.Token);
        }

        // 60 MB and more were sent; the reorder buffer takes 8 MiB, and what waits to be decoded a few.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, 32 << 20);
        Assert.True(receiver.Statistics.Session.Overflowed > 1_000);
        Assert.Equal(0, receiver.Statistics.Messages);
        await receiver.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => receiving.WaitAsync(LoopbackLink.Patience));
    }

    private sealed class Withholding(EndpointOptions options, Timestamp start) : IDatagramEndpoint
    {
        private readonly SenderHandshake _handshake = new(options, start);
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _unit = new byte[1100];
        private LiveSession? _session;
        private ulong _next = 1;

        public Task Sent => _sent.Task;

        /// <summary>Messages to send in all.</summary>
        public ulong Messages { get; set; } = 60_000;

        public int MaxDatagramSize => options.Session.MaxDatagramSize;

        public bool TakesDatagrams => true;

        public bool IsOver => false;

        public Timestamp NextDeadline => _session?.NextDeadline ?? _handshake.NextDeadline;

        public DatagramStatus OnDatagram(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now)
        {
            _handshake.OnDatagram(datagram);
            using EstablishedKeys? keys = _handshake.TakeKeys();
            _session ??= keys is null ? null : new LiveSession(options.Session, keys, now);
            _session?.OnDatagram(datagram, now);
            return DatagramStatus.Ignored;
        }

        public void OnTimeout(Timestamp now)
        {
            _handshake.OnTimeout(now);
            _session?.OnTimeout(now);
        }

        public bool TryTransmit(Span<byte> destination, Timestamp now, out Transmission transmission)
        {
            int length = 0;
            if (_session is null)
            {
                _handshake.TryTransmit(destination, now, out length, out _);
            }
            else
            {
                Enqueue(_session);
                _session.TryTransmit(destination, now, out length);
            }

            transmission = new Transmission(length, default);
            return length > 0;
        }

        public bool TryTakeWork([NotNullWhen(true)] out CodingWork? work)
        {
            work = null;
            return false;
        }

        public void Return(CodingWork work, Timestamp now) =>
            throw new InvalidOperationException("Nothing was handed out.");

        public void OnPathEnd(Timestamp now) => throw new InvalidOperationException("This path has no end.");

        public void Leave(Timestamp now, string reason)
        {
        }

        public void Dispose()
        {
            _handshake.Dispose();
            _session?.Dispose();
        }

        private void Enqueue(LiveSession session)
        {
            while (session.TryTakeEvent(out _))
            {
            }

            while (_next < Messages && session.CanEnqueue && session.UnitsWaiting < 4)
            {
                int length = DataFrameWriter.Write(
                    _unit, StoredContent.FrameOf(_next, 1, new byte[1000]), toEnd: true);
                session.Enqueue(_unit.AsSpan(0, length), (long)_next, _next);
                _next++;
            }

            if (_next == Messages && session.UnitsWaiting == 0)
            {
                _sent.TrySetResult();
            }
        }
    }
}
