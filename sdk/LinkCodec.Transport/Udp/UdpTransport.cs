using System.Buffers;
using System.Net;
using System.Net.Sockets;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Udp;

/// <summary>Datagrams over UDP, IPv4 or IPv6: a client with one target, or a listener that learns its peers.</summary>
/// <remarks>
/// A refusal, a missing route or a firewall is loss, not failure: a link's other end may start later and an outage may
/// end. To an address that a listener learned from a datagram nothing fails at all, since a stranger may have made it
/// up. Such datagrams are counted in <see cref="UndeliverableDatagrams"/> and the session's timers do the rest. Sends
/// and receives cost no allocation once the peer's address is known. See <see cref="IDatagramTransport"/> for threads
/// and errors.
/// </remarks>
internal sealed class UdpTransport : IDatagramTransport
{
    private readonly Socket _socket;
    private readonly IMemoryOwner<byte> _buffer;
    private readonly SocketAddress _source;
    private readonly bool _isClient;
    private readonly bool _mapsIPv4;
    private SocketAddress? _lastSource;
    private IPEndPoint? _lastSourceEndPoint;
    private IPEndPoint? _lastTarget;
    private SocketAddress? _lastTargetAddress;
    private IPEndPoint? _target; // A client's: the system drops datagrams from elsewhere and reports refusals.
    private long _undeliverable;
    private long _tooLong;
    private int _disposed;
    private ReceiveGate _gate;

    private UdpTransport(Socket socket, bool isClient, UdpTransportOptions options)
    {
        _socket = socket;
        _isClient = isClient;
        _mapsIPv4 = socket is { AddressFamily: AddressFamily.InterNetworkV6, DualMode: true };
        _source = new SocketAddress(socket.AddressFamily);
        MaxDatagramSize = options.MaxDatagramSize;
        // One more, so that a longer datagram shows and is dropped, not cut.
        _buffer = options.Pool.Rent(MaxDatagramSize + 1);
    }

    /// <inheritdoc/>
    public int MaxDatagramSize { get; }

    /// <inheritdoc/>
    public bool HasReturnPath => true;

    /// <summary>The address that this side has, with the port that was taken when 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint => Plain((IPEndPoint)_socket.LocalEndPoint!);

    /// <summary>
    /// Datagrams that the system said it could not carry: refused by the target, no route, a firewall. Thread-safe.
    /// </summary>
    public long UndeliverableDatagrams => Interlocked.Read(ref _undeliverable);

    /// <summary>
    /// Received datagrams dropped because they were longer than <see cref="MaxDatagramSize"/>. Thread-safe.
    /// </summary>
    public long OverlongDatagrams => Interlocked.Read(ref _tooLong);

    /// <summary>
    /// Opens a client that sends to one address and hears only it; looks its name up (the first address wins).
    /// </summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port, 1 to 65,535.</param>
    /// <param name="options">Options of sizes; null for the defaults.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    /// <exception cref="ArgumentException">Port 0, or an option out of range.</exception>
    /// <exception cref="LinkException">The name has no address, or the system gives no socket
    /// (<see cref="LinkErrorCode.TransportFailed"/>).</exception>
    public static async Task<UdpTransport> ConnectAsync(
        string host, int port, UdpTransportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(port);
        UdpTransportOptions checkedOptions = UdpSockets.Check(options);
        IPEndPoint target = new(await UdpSockets.ResolveAsync(host, cancellationToken).ConfigureAwait(false), port);
        Socket socket = UdpSockets.Open(target, checkedOptions, s => s.Connect(target));
        return new UdpTransport(socket, isClient: true, checkedOptions) { _target = target };
    }

    /// <summary>
    /// Opens a listener on an address of this machine (<c>0.0.0.0</c>, <c>::</c> for IPv6 and IPv4 together, or one
    /// address).
    /// </summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port, 0 for a free one, to 65,535.</param>
    /// <param name="options">Options of sizes; null for the defaults.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="LinkException">The address is taken or not ours, or the name has none
    /// (<see cref="LinkErrorCode.TransportFailed"/>).</exception>
    public static async Task<UdpTransport> ListenAsync(
        string host, int port, UdpTransportOptions? options = null, CancellationToken cancellationToken = default)
    {
        UdpTransportOptions checkedOptions = UdpSockets.Check(options);
        IPEndPoint local = new(await UdpSockets.ResolveAsync(host, cancellationToken).ConfigureAwait(false), port);
        return new UdpTransport(UdpSockets.Open(local, checkedOptions, s => s.Bind(local)), isClient: false,
            checkedOptions);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The datagram is empty or too long, <paramref name="to"/> is no IP endpoint,
    /// or a client was given another than its own.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint? to = null,
        CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        ArgumentOutOfRangeException.ThrowIfZero(datagram.Length, nameof(datagram));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, MaxDatagramSize, nameof(datagram));
        to ??= _target ?? throw new InvalidOperationException("A listener has no far side of its own: say where to.");
        IPEndPoint address = to as IPEndPoint
            ?? throw new ArgumentException("UDP addresses are IP endpoints.", nameof(to));
        if (_isClient && !address.Equals(_target))
        {
            throw new ArgumentException("A client only sends to its own target.", nameof(to));
        }

        for (int attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                _ = _isClient
                    ? await _socket.SendAsync(datagram, SocketFlags.None, cancellationToken).ConfigureAwait(false)
                    : await _socket.SendToAsync(datagram, SocketFlags.None, AddressOf(address), cancellationToken)
                        .ConfigureAwait(false);
                return;
            }
            catch (SocketException e) when (_disposed == 0
                && (_isClient ? UdpSockets.IsLoss(e.SocketErrorCode) : !UdpSockets.IsDead(e.SocketErrorCode)))
            {
                // The refusal belongs to an earlier datagram and kept this one from leaving: send it once more.
                Interlocked.Increment(ref _undeliverable);
            }
            catch (SocketException e)
            {
                ObjectDisposedException.ThrowIf(_disposed != 0, this);
                throw UdpSockets.Failed($"cannot send to {address}", e);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReceivedDatagram> ReceiveAsync(
        Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _gate.Enter(this, destination);
        try
        {
            return await ReceiveNextAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Leave();
            ReturnBufferOnceDisposed();
        }
    }

    /// <summary>
    /// Closes the socket; calls under way end with <see cref="ObjectDisposedException"/> or as cancelled. Idempotent.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.CompareExchange(ref _disposed, 1, 0) == 0)
        {
            _socket.Dispose();
            ReturnBufferOnceDisposed();
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask<ReceivedDatagram> ReceiveNextAsync(
        Memory<byte> destination, CancellationToken cancellationToken)
    {
        Memory<byte> buffer = _buffer.Memory[..(MaxDatagramSize + 1)];
        while (true)
        {
            try
            {
                int length = _isClient
                    ? await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)
                    : await _socket.ReceiveFromAsync(buffer, SocketFlags.None, _source, cancellationToken)
                        .ConfigureAwait(false);
                IPEndPoint from = _isClient ? _target! : SourceEndPoint();
                if (length > 0 && length <= MaxDatagramSize && from.Port != 0) // Port 0 cannot be answered.
                {
                    buffer[..length].CopyTo(destination);
                    return new ReceivedDatagram(length, from);
                }

                Interlocked.Add(ref _tooLong, from.Port != 0 && length > 0 ? 1 : 0);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
            {
                Interlocked.Increment(ref _tooLong); // Systems that report a cut datagram as an error.
            }
            catch (SocketException e) when (UdpSockets.IsLoss(e.SocketErrorCode) && _disposed == 0)
            {
                Interlocked.Increment(ref _undeliverable); // The system tells our receive what a datagram of ours met.
            }
            catch (SocketException e)
            {
                ObjectDisposedException.ThrowIf(_disposed != 0, this);
                throw UdpSockets.Failed("cannot receive", e);
            }
        }
    }

    /// <summary>The buffer goes back once: by disposal, or by the receive that disposal interrupts.</summary>
    private void ReturnBufferOnceDisposed()
    {
        if (_disposed != 0 && _gate.TryShut())
        {
            _buffer.Dispose();
        }
    }

    private IPEndPoint SourceEndPoint()
    {
        if (_lastSource is null || !_lastSource.Equals(_source))
        {
            _lastSource = new SocketAddress(_source.Family, _source.Size);
            _source.Buffer[.._source.Size].CopyTo(_lastSource.Buffer);
            IPEndPoint template = new(_source.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
                0);
            _lastSourceEndPoint = Plain((IPEndPoint)template.Create(_lastSource));
        }

        return _lastSourceEndPoint!;
    }

    private SocketAddress AddressOf(IPEndPoint target)
    {
        if (_lastTarget is null || !_lastTarget.Equals(target))
        {
            bool map = _mapsIPv4 && target.AddressFamily == AddressFamily.InterNetwork;
            _lastTargetAddress = (map ? new IPEndPoint(target.Address.MapToIPv6(), target.Port) : target).Serialize();
            _lastTarget = new IPEndPoint(target.Address, target.Port);
        }

        return _lastTargetAddress!;
    }

    private static IPEndPoint Plain(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
