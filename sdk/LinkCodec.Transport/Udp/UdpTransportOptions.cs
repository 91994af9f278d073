using System.Buffers;

namespace LinkCodec.Transport.Udp;

/// <summary>The sizes that a <see cref="UdpTransport"/> may use, and its pool.</summary>
internal sealed record UdpTransportOptions
{
    /// <summary>
    /// The longest datagram to send and to accept, in bytes: 16 to 65507. Default 1452: what Ethernet carries with
    /// IPv6.
    /// </summary>
    public int MaxDatagramSize { get; init; } = 1452;

    /// <summary>
    /// The receive buffer that the system is asked for, in bytes; 0 keeps the system's choice. Default 1 MiB.
    /// </summary>
    public int ReceiveBufferSize { get; init; } = 1 << 20;

    /// <summary>
    /// The send buffer that the system is asked for, in bytes; 0 keeps the system's choice (default): pacing is the
    /// session's work.
    /// </summary>
    public int SendBufferSize { get; init; }

    /// <summary>
    /// The pool that the one receive buffer of the transport is rented from. Default: the shared pool.
    /// </summary>
    public MemoryPool<byte> Pool { get; init; } = MemoryPool<byte>.Shared;
}
