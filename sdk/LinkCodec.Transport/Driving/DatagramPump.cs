using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Driving;

/// <summary>
/// The waiting that every driver does: for a datagram, a wake-up or a deadline, whichever comes first.
/// </summary>
/// <remarks>Keeps one receive under way, so that no datagram is lost between two waits. Not thread-safe.</remarks>
internal sealed class DatagramPump(
    IDatagramTransport transport, SystemTimestampSource clock, WakeSignal wake, bool isReceiving)
{
    private readonly byte[] _buffer = new byte[transport.MaxDatagramSize];
    private Task<ReceivedDatagram>? _receive;
    private Task? _signal;

    private bool _isReceiving = isReceiving; // After the end of a link nothing more comes.

    /// <summary>Waits until something is to be done; a datagram, or the end of the link, if that is why.</summary>
    /// <param name="deadline">The instant to stop waiting at.</param>
    /// <param name="takes">Whether a datagram can be taken; if not, it stays where it is.</param>
    /// <param name="cancellationToken">A token that ends the waiting.</param>
    public async ValueTask<ReceivedDatagram?> WaitAsync(Timestamp deadline, bool takes,
        CancellationToken cancellationToken)
    {
        if (_isReceiving && takes && _receive is null)
        {
            _receive = transport.ReceiveAsync(_buffer, cancellationToken).AsTask();
        }

        Task? receive = takes ? _receive : null;
        _signal ??= wake.WaitAsync();
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
            return null;
        }

        _receive = null;
        ReceivedDatagram received = await done.ConfigureAwait(false);
        _isReceiving = !received.IsEnd;
        return received;
    }

    /// <summary>The datagram that was received last; valid until the next wait.</summary>
    public ReadOnlyMemory<byte> Datagram(ReceivedDatagram received) =>
        _buffer.AsMemory(0, Math.Max(0, received.Length));

    private async Task WaitForAnyAsync(Task? receive, Timestamp deadline, CancellationToken cancellationToken)
    {
        TimeSpan wait = clock.Until(deadline);
        if (wait == TimeSpan.Zero)
        {
            return;
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timer = clock.DelayAsync(wait, stop.Token);
        Task any = receive is null ? Task.WhenAny(_signal!, timer) : Task.WhenAny(receive, _signal!, timer);
        await any.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
    }
}
