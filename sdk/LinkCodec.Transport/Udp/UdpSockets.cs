using System.Net;
using System.Net.Sockets;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Udp;

/// <summary>Opening sockets, and telling loss from failure.</summary>
internal static class UdpSockets
{
    public const int LongestDatagram = 65507;

    public static UdpTransportOptions Check(UdpTransportOptions? options)
    {
        options ??= new UdpTransportOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDatagramSize, 16, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDatagramSize, LongestDatagram, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ReceiveBufferSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.SendBufferSize, nameof(options));
        return options;
    }

    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return literal;
        }

        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
            return found.Length > 0 ? found[0] : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException e)
        {
            throw Failed($"cannot find the host '{host}'", e);
        }
    }

    public static Socket Open(IPEndPoint address, UdpTransportOptions options, Action<Socket> start)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.ReceiveBufferSize = options.ReceiveBufferSize > 0
                ? options.ReceiveBufferSize
                : socket.ReceiveBufferSize;
            socket.SendBufferSize = options.SendBufferSize > 0 ? options.SendBufferSize : socket.SendBufferSize;
            start(socket);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw Failed($"cannot open udp://{address}", e);
        }
    }

    /// <summary>
    /// Whether the error says that one datagram met no receiver or no route: on a link with outages that is loss.
    /// </summary>
    // The last is a firewall's word, or a full table of connections.
    public static bool IsLoss(SocketError error) =>
        error is SocketError.ConnectionRefused or SocketError.ConnectionReset
            or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown
            or SocketError.NetworkDown
            or SocketError.NoBufferSpaceAvailable or SocketError.AccessDenied;

    /// <summary>
    /// Whether the error says that the socket itself is gone. Anything else that a send to a learned address meets is
    /// that address's fault.
    /// </summary>
    public static bool IsDead(SocketError error) =>
        error is SocketError.NotSocket or SocketError.Shutdown or SocketError.OperationAborted
            or SocketError.Interrupted or SocketError.NotInitialized or SocketError.SystemNotReady;

    public static LinkException Failed(string what, SocketException cause) =>
        new(LinkErrorCode.TransportFailed, $"{what}: {cause.Message}", cause);
}
