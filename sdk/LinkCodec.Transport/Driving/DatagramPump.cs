using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport;

/// <summary>The waiting that every driver does: for a datagram, a wake-up or a deadline, whichever comes first.</summary>
/// <remarks>Keeps one receive under way, so that no datagram is lost between two waits. Not thread-safe, but for <see cref="Wake"/>.</remarks>
internal sealed class DatagramPump(IDatagramTransport transport, SystemTimestampSource clock, TimeProvider time, bool receives)
{
    private readonly byte[] _buffer = new byte[transport.MaxDatagramSize];
    private readonly WakeSignal _wake = new();
    private Task<ReceivedDatagram>? _receive;
    private Task? _signal;

    public Timestamp Now => clock.Now;

    public void Wake() => _wake.Set();

    /// <summary>Waits until something is to be done; true when a datagram came, which the second part describes.</summary>
    public ValueTask<(bool Came, ReceivedDatagram Received)> WaitAsync(Timestamp deadline, CancellationToken cancellationToken) =>
        WaitAsync(deadline, takes: true, cancellationToken);

    /// <summary>Waits likewise; a datagram is taken only if there is room for one.</summary>
    /// <param name="deadline">When to stop waiting.</param>
    /// <param name="takes">Whether a datagram can be taken; if not, it stays where it is.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<(bool Came, ReceivedDatagram Received)> WaitAsync(Timestamp deadline, bool takes, CancellationToken cancellationToken)
    {
        if (receives && takes && _receive is null)
        {
            _receive = transport.ReceiveAsync(_buffer, cancellationToken).AsTask();
        }

        Task? receive = takes ? _receive : null;
        _signal ??= _wake.WaitAsync();
        if (receive is not { IsCompleted: true } && !_signal.IsCompleted)
        {
            await WaitForAnyAsync(receive, deadline, cancellationToken).ConfigureAwait(false);
        }

        if (_signal.IsCompleted)
        {
            _signal = null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!takes || _receive is not { IsCompleted: true } done)
        {
            return (false, default);
        }

        _receive = null;
        return (true, await done.ConfigureAwait(false));
    }

    /// <summary>The datagram that was received last; valid until the next wait.</summary>
    public ReadOnlyMemory<byte> Datagram(ReceivedDatagram received) => _buffer.AsMemory(0, received.Length);

    /// <summary>Stops receiving: after the end of a link nothing more comes.</summary>
    public void StopReceiving() => receives = false;

    private async Task WaitForAnyAsync(Task? receive, Timestamp deadline, CancellationToken cancellationToken)
    {
        TimeSpan wait = clock.Until(deadline);
        if (wait == TimeSpan.Zero)
        {
            return;
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timer = Task.Delay(wait, time, stop.Token);
        Task any = receive is null ? Task.WhenAny(_signal!, timer) : Task.WhenAny(receive, _signal!, timer);
        await any.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
    }
}
