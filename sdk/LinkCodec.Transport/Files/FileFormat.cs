using System.Buffers.Binary;

namespace LinkCodec.Transport.Files;

/// <summary>The constants of the file that stands for a one-way link (protocol-spec/08-file-format.md).</summary>
internal static class FileFormat
{
    /// <summary>Bytes before the first record: the magic and the version.</summary>
    public const int HeaderSize = 8;

    /// <summary>Bytes before each datagram: the sync marker and the length.</summary>
    public const int RecordHeaderSize = MarkerSize + 2;

    public const int MarkerSize = 4;

    public const int MaxDatagramSize = ushort.MaxValue;

    /// <summary>The version of a file whose segments decode each by itself; 1 and 2 had other frames.</summary>
    public const byte Version = 3;

    /// <summary>The version of a file whose segments may go on from those before them (spec 8.1-4).</summary>
    public const byte ChainedVersion = 4;

    /// <summary>ASCII "LNKCODC".</summary>
    public static ReadOnlySpan<byte> Magic => "LNKCODC"u8;

    /// <summary>The attached sync marker of CCSDS 131.0-B.</summary>
    public static ReadOnlySpan<byte> Marker => [0x1A, 0xCF, 0xFC, 0x1D];

    public static void WriteHeader(Span<byte> destination, bool isChained)
    {
        Magic.CopyTo(destination); // spec 8.1-1
        destination[Magic.Length] = isChained ? ChainedVersion : Version; // spec 8.1-4
    }

    public static void WriteRecordHeader(Span<byte> destination, int length)
    {
        Marker.CopyTo(destination); // spec 8.2-1
        BinaryPrimitives.WriteUInt16BigEndian(destination[MarkerSize..], (ushort)length);
    }
}
