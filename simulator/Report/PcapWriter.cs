using System.Buffers.Binary;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Report;

/// <summary>
/// A capture that packet analysers open: every datagram as raw IPv4 and UDP from 10.0.0.1 (near) to 10.0.0.2 (far) or
/// back, port 4433.
/// </summary>
/// <remarks>
/// Classic pcap, microseconds, LINKTYPE_RAW (101). The UDP checksum is 0: none. The 28 bytes of headers are the
/// capture's, not the link's.
/// </remarks>
internal sealed class PcapWriter : IDisposable
{
    private const int LinkTypeRaw = 101;
    private const int Headers = 28;
    private const ushort Port = 4433;

    private readonly Stream _stream;
    private readonly byte[] _record = new byte[16 + Headers];

    /// <param name="stream">Owned from here on; gets the file header at once.</param>
    public PcapWriter(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2_C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeRaw);
        _stream.Write(header);
    }

    public void Write(ReadOnlySpan<byte> datagram, Timestamp at, bool forward)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, 65535 - Headers, nameof(datagram));
        Span<byte> record = _record;
        int length = Headers + datagram.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(at.Microseconds / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(at.Microseconds % 1_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], length);

        Span<byte> ip = record[16..];
        ip[..20].Clear();
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)length);
        ip[8] = 64;
        ip[9] = 17;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], forward ? 0x0A00_0001u : 0x0A00_0002u);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], forward ? 0x0A00_0002u : 0x0A00_0001u);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..20]));

        Span<byte> udp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(8 + datagram.Length));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        _stream.Write(record);
        _stream.Write(datagram);
    }

    public void Dispose() => _stream.Dispose();

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        uint sum = 0;
        for (int i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }
}
