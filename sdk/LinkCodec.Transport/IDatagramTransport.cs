using System.Net;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport;

/// <summary>Moves datagrams between a driver and a link: whole or not at all, in any order, possibly never.</summary>
/// <remarks>
/// One sender and one receiver may work at the same time; two senders or two receivers may not.
/// Loss is not an error. What cannot be mended (a full disk, a closed pipe, a dead socket) is a
/// <see cref="LinkException"/> with <see cref="LinkErrorCode.TransportFailed"/> and one line for a person. After
/// disposal every call throws <see cref="ObjectDisposedException"/>; disposing twice does nothing.
/// </remarks>
internal interface IDatagramTransport : IAsyncDisposable
{
    /// <summary>The longest datagram that the link takes, in bytes.</summary>
    int MaxDatagramSize { get; }

    /// <summary>
    /// Whether the far side can answer. Without a return path only one of sending and receiving is possible.
    /// </summary>
    bool HasReturnPath { get; }

    /// <summary>Sends one datagram; completes when the link has taken it, not when it arrived.</summary>
    /// <remarks>
    /// An address that was learned from a datagram may be anything: that nothing can be sent there is loss, whatever
    /// the system calls it.
    /// </remarks>
    /// <param name="datagram">The datagram, 1 to <see cref="MaxDatagramSize"/> bytes, read until the call
    /// completes.</param>
    /// <param name="to">A <see cref="ReceivedDatagram.From"/> of this transport; null for the far side that the
    /// transport was opened for.</param>
    /// <param name="cancellationToken">Abandons the wait; the datagram may or may not have left.</param>
    /// <exception cref="ArgumentException">The datagram is empty or too long, or the link knows no such
    /// address.</exception>
    /// <exception cref="InvalidOperationException">The link only receives, or was opened for no far side.</exception>
    /// <exception cref="LinkException">The transport failed for good.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint? to = null,
        CancellationToken cancellationToken = default);

    /// <summary>Waits for one datagram and puts it at the start of <paramref name="destination"/>.</summary>
    /// <param name="destination">The caller's buffer of at least <see cref="MaxDatagramSize"/> bytes, written until the
    /// call completes.</param>
    /// <param name="cancellationToken">Abandons the wait; no datagram is lost by it that had not arrived yet.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="InvalidOperationException">The link only sends.</exception>
    /// <exception cref="LinkException">The transport failed for good.</exception>
    ValueTask<ReceivedDatagram> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken = default);
}
