using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>The one loop that owns the time of a link: takes it through its handshake, then drives its live session until that is over.</summary>
/// <remarks>
/// Disposes neither transport nor session. <see cref="Wake"/> and <see cref="Statistics"/> are thread-safe; the rest runs one call after the other.
/// </remarks>
public sealed partial class LinkDriver
{
    private readonly IDatagramTransport _transport;
    private readonly DatagramPump _pump;
    private readonly SystemTimestampSource _clock;
    private readonly Lock _gate = new();
    private SessionStatistics _statistics;

    /// <summary>Makes a driver.</summary>
    /// <param name="transport">Sends, and receives if <paramref name="receives"/>.</param>
    /// <param name="time">Where time and timers come from.</param>
    /// <param name="receives">Whether anything can come: false for the writing end of a one-way link.</param>
    public LinkDriver(IDatagramTransport transport, TimeProvider time, bool receives = true)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _clock = new SystemTimestampSource(time);
        _pump = new DatagramPump(transport, _clock, time, receives);
    }

    /// <summary>The present, for a session that this driver is to run.</summary>
    public Timestamp Now => _clock.Now;

    /// <summary>The session's counters as of the loop's last turn.</summary>
    public SessionStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _statistics;
            }
        }
    }

    /// <summary>Says that the handler has something new: units to send, or room for events.</summary>
    public void Wake() => _pump.Wake();

    /// <summary>Drives a session until it is closed, what it had to say is sent and its events are taken.</summary>
    /// <returns>The session that takes its place, which is to be driven next; null when there is none.</returns>
    /// <exception cref="LinkException">The transport failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the session is as it was and may be closed and driven on.</exception>
    public async Task<AcceptedSession?> RunAsync(LiveSession session, ISessionHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(handler);
        byte[] datagram = new byte[session.MaxDatagramSize];
        while (true)
        {
            Timestamp now = _clock.Now;
            if (session.NextDeadline <= now)
            {
                session.OnTimeout(now);
            }

            await TendHandshakesAsync(session, handler, now, cancellationToken).ConfigureAwait(false);
            while (TryNext(session, handler, datagram, now, out int length))
            {
                await _transport.SendAsync(datagram.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                now = _clock.Now;
            }

            bool heldBack = TakeEvents(session, handler);
            if (session.IsClosed && !heldBack && (session.NextDeadline == Timestamp.Never || _successor is not null))
            {
                return TakeSuccessor();
            }

            // Where nothing is sent again, a datagram that finds no room here waits in the link instead.
            bool takes = !heldBack || (_transport.HasReturnPath && session.HasReturnPath);
            await TurnAsync(session, handler, takes, cancellationToken).ConfigureAwait(false);
        }
    }

    // The handler is asked before every datagram: the one that has just left made room for the next.
    private static bool TryNext(LiveSession session, ISessionHandler handler, Span<byte> datagram, Timestamp now, out int length)
    {
        if (!session.IsClosed)
        {
            handler.Pump(session, now);
        }

        return session.TryTransmit(datagram, now, out length);
    }

    private bool TakeEvents(LiveSession session, ISessionHandler handler)
    {
        lock (_gate)
        {
            _statistics = session.Statistics;
        }

        while (handler.CanTakeEvents)
        {
            if (!session.TryTakeEvent(out SessionEvent e))
            {
                return false;
            }

            handler.OnEvent(e);
        }

        return true;
    }

    private async Task TurnAsync(LiveSession session, ISessionHandler handler, bool takes, CancellationToken cancellationToken)
    {
        Timestamp deadline = Timestamp.Min(session.NextDeadline, handler.NextDeadline);
        deadline = Timestamp.Min(deadline, HandshakeDeadline);
        (bool came, ReceivedDatagram received) = await _pump.WaitAsync(deadline, takes, cancellationToken).ConfigureAwait(false);
        if (!came)
        {
            return;
        }

        if (received.IsEnd)
        {
            _pump.StopReceiving();
            handler.OnLinkEnd();
            return;
        }

        ReadOnlyMemory<byte> datagram = _pump.Datagram(received);
        if (datagram.Length > 0 && datagram.Span[0] < 0x80)
        {
            await LateHandshakeAsync(session, handler, received, cancellationToken).ConfigureAwait(false);
            return;
        }

        long before = session.Statistics.Heard();
        session.OnDatagram(datagram.Span, _clock.Now);
        if (session.Statistics.Heard() == before)
        {
            OnForeignSegment(session, received);
            return;
        }

        // Only a new, authentic segment may move the peer to another address.
        if (received.From is { } from && !from.Equals(_transport.Peer))
        {
            _transport.Peer = from;
        }

        await OnHeardAsync(cancellationToken).ConfigureAwait(false);
    }
}
