using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Driving;

/// <summary>
/// The one loop that owns the time, the socket and the threads of an endpoint: moves datagrams, and has its work coded.
/// </summary>
/// <remarks>
/// Whoever uses the endpoint beside the loop holds <see cref="Gate"/> meanwhile, and calls <see cref="Wake"/>
/// afterwards. Disposes neither transport nor endpoint.
/// </remarks>
internal sealed class LinkDriver
{
    private readonly IDatagramTransport _transport;
    private readonly GuardedEndpoint _endpoint;
    private readonly SystemTimestampSource _clock;
    private readonly WakeSignal _wake = new();
    private readonly WorkRunner _work;
    private readonly DatagramPump _pump;
    private readonly byte[] _datagram;
    private readonly TurnSignal _turn = new();

    /// <param name="transport">Sends and receives.</param>
    /// <param name="endpoint">The endpoint that is driven.</param>
    /// <param name="code">Codes or decodes a piece of work, on threads of its own.</param>
    /// <param name="maxWork">Pieces that are coded at once.</param>
    /// <param name="clock">The time that the endpoint was made with.</param>
    /// <param name="isReceiving">Whether anything can come: false for the writing end of a one-way link.</param>
    public LinkDriver(
        IDatagramTransport transport,
        IDatagramEndpoint endpoint,
        Func<CodingWork, CancellationToken, Task> code,
        int maxWork,
        SystemTimestampSource clock,
        bool isReceiving)
    {
        (_transport, _endpoint, _clock) = (transport, new GuardedEndpoint(endpoint, clock), clock);
        _work = new WorkRunner(code, maxWork, _wake);
        _pump = new DatagramPump(transport, clock, _wake, isReceiving);
        _datagram = new byte[endpoint.MaxDatagramSize];
    }

    /// <summary>Guards the endpoint.</summary>
    public Lock Gate => _endpoint.Gate;

    /// <summary>The present.</summary>
    public Timestamp Now => _clock.Now;

    /// <summary>
    /// Completes when the loop has gone round once more, or has ended. To be asked for before the endpoint is looked
    /// at.
    /// </summary>
    public Task NextTurn => _turn.Next;

    /// <summary>Says that the endpoint has something new to do.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Drives the endpoint until it is over.</summary>
    /// <param name="reason">The text that the peer is told when the driver is stopped, as of that moment.</param>
    /// <param name="stop">Leaves at once, and tells the peer.</param>
    /// <exception cref="LinkException">The transport failed.</exception>
    public async Task RunAsync(Func<string> reason, CancellationToken stop)
    {
        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (await TurnAsync(work.Token).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await LeaveAsync(reason()).ConfigureAwait(false);
        }
        finally
        {
            await work.CancelAsync().ConfigureAwait(false);
            await _work.EndAsync().ConfigureAwait(false);
            _turn.Set();
        }
    }

    private async Task<bool> TurnAsync(CancellationToken stop)
    {
        _endpoint.OnTimeout();
        do
        {
            PassWork(stop);
        }
        while (await SendAsync(Now, stop).ConfigureAwait(false)); // Datagrams that have left made room for more.

        (bool isOver, bool takes, Timestamp deadline) = _endpoint.State;
        if (isOver)
        {
            return false;
        }

        _turn.Set();
        if (await _pump.WaitAsync(deadline, takes, stop).ConfigureAwait(false) is { } received)
        {
            _endpoint.OnReceived(received, _pump.Datagram(received).Span);
        }

        return true;
    }

    private void PassWork(CancellationToken stop)
    {
        while (_work.TryTakeDone(out CodingWork? done))
        {
            _endpoint.Return(done);
        }

        while (_work.HasRoom && _endpoint.TryTakeWork(out CodingWork? next))
        {
            _work.Start(next, stop);
        }
    }

    private async Task<bool> SendAsync(Timestamp now, CancellationToken stop)
    {
        if (!_endpoint.TryTransmit(_datagram, now, out Transmission written))
        {
            return false;
        }

        await _transport.SendAsync(_datagram.AsMemory(0, written.Length), PathAddresses.Of(written.To), stop)
            .ConfigureAwait(false);
        return true;
    }

    private async Task LeaveAsync(string reason)
    {
        _endpoint.Leave(reason);
        try
        {
            while (await SendAsync(Timestamp.Never, CancellationToken.None).ConfigureAwait(false))
            {
            }
        }
        catch (LinkException)
        {
            // The transport has failed too; the peer's time-out will tell it.
        }
    }
}
