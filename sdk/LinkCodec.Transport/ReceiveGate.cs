namespace LinkCodec.Transport;

/// <summary>
/// Lets one receive at a time into a transport, and tells who frees what it needs: the disposal, or the receive that
/// the disposal interrupts.
/// </summary>
internal struct ReceiveGate
{
    private int _state; // 0 idle, 1 a receive is under way, 2 shut

    /// <summary>Whether a receive is under way.</summary>
    public readonly bool IsBusy => Volatile.Read(in _state) == 1;

    /// <summary>Lets a receive in.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the longest datagram.</exception>
    /// <exception cref="InvalidOperationException">Another receive is under way.</exception>
    /// <exception cref="ObjectDisposedException">The gate was shut.</exception>
    public void Enter(IDatagramTransport transport, Memory<byte> destination)
    {
        if (destination.Length < transport.MaxDatagramSize)
        {
            throw new ArgumentException("Shorter than the longest datagram.", nameof(destination));
        }

        int state = Interlocked.CompareExchange(ref _state, 1, 0);
        ObjectDisposedException.ThrowIf(state == 2, transport);
        if (state != 0)
        {
            throw new InvalidOperationException("Another receive is under way.");
        }
    }

    /// <summary>Lets the receive out.</summary>
    public void Leave() => Interlocked.Exchange(ref _state, 0);

    /// <summary>Shuts the gate; true once, and only while no receive is under way.</summary>
    public bool TryShut() => Interlocked.CompareExchange(ref _state, 2, 0) == 0;
}
