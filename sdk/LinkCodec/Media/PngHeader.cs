using System.Buffers.Binary;

namespace LinkCodec.Media;

/// <summary>What the IHDR chunk of a PNG says.</summary>
/// <param name="Width">Samples a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="BitDepth">Bits a sample.</param>
/// <param name="Colour">The type of colour: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.</param>
/// <param name="IsInterlaced">Whether the image stands in seven passes (Adam7).</param>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int Colour, bool IsInterlaced)
{
    /// <summary>Bytes of the chunk.</summary>
    public const int Length = 13;

    /// <summary>The type of colour whose samples are places in a palette.</summary>
    public const int PaletteColour = 3;

    /// <summary>Planes.</summary>
    public int Planes => Colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>From a byte to the one of the same sample to the left, for filters.</summary>
    public int Step => Math.Max(1, Planes * BitDepth / 8);

    /// <summary>Whether the numbers are those of a PNG that fits a message.</summary>
    public bool IsValid => Width is >= 1 and <= 65536 && Height is >= 1 and <= 65536
        && (long)Width * Height * Planes * 2 <= int.MaxValue / 4
        && Colour switch
        {
            0 => BitDepth is 1 or 2 or 4 or 8 or 16,
            3 => BitDepth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => BitDepth is 8 or 16,
            _ => false,
        };

    /// <summary>The passes: first column and row, and the distance of columns and rows.</summary>
    public ReadOnlySpan<byte> Passes => IsInterlaced
        ? [0, 0, 8, 8, 4, 0, 8, 8, 0, 4, 4, 8, 2, 0, 4, 4, 0, 2, 2, 4, 1, 0, 2, 2, 0, 1, 1, 2]
        : [0, 0, 1, 1];

    /// <summary>Reads the body of the chunk.</summary>
    public static PngHeader? Read(ReadOnlySpan<byte> body)
    {
        if (body.Length != Length || body[10] != 0 || body[11] != 0 || body[12] > 1)
        {
            return null;
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(body);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        PngHeader header = new((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue), body[8],
            body[9], body[12] != 0);
        return header.IsValid ? header : null;
    }

    /// <summary>The body of the chunk.</summary>
    public byte[] ToBytes()
    {
        byte[] body = new byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(body, Width);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4), Height);
        (body[8], body[9], body[12]) = ((byte)BitDepth, (byte)Colour, (byte)(IsInterlaced ? 1 : 0));
        return body;
    }
}
