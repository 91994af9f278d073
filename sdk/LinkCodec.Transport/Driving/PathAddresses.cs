using System.Buffers.Binary;
using System.Net;
using LinkCodec.Core.Endpoint;

namespace LinkCodec.Transport.Driving;

/// <summary>Addresses as transports know them, and as endpoints do.</summary>
internal static class PathAddresses
{
    /// <summary>
    /// The address with the machine behind it, without its port; of an IPv6 address the network, since one machine may
    /// have all of it.
    /// </summary>
    public static PathAddress Of(EndPoint? from)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        bool isIp = from is IPEndPoint { Address: { } address } && address.TryWriteBytes(bytes, out _);
        return new PathAddress(from, isIp ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : null);
    }

    /// <summary>The transport's own name of it; null for the address that it was opened for.</summary>
    public static EndPoint? Of(PathAddress address) => (EndPoint?)address.Name;
}
