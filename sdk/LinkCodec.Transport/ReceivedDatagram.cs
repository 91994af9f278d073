using System.Net;

namespace LinkCodec.Transport;

/// <summary>A datagram that <see cref="IDatagramTransport.ReceiveAsync"/> put in the caller's buffer.</summary>
/// <param name="Length">Bytes of the datagram; -1 at the end of a link that has one (a file).</param>
/// <param name="From">The address it claims to come from: unproven until the session opens the datagram. Null where the
/// link has no addresses.</param>
internal readonly record struct ReceivedDatagram(int Length, EndPoint? From)
{
    /// <summary>The link has ended: no datagram follows.</summary>
    public static ReceivedDatagram End => new(-1, null);

    /// <summary>Whether the link has ended.</summary>
    public bool IsEnd => Length < 0;
}
