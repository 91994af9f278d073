using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>What the first directory of a TIFF says of its image (TIFF 6.0).</summary>
internal sealed record TiffDirectory
{
    /// <summary>No compression.</summary>
    public const int Uncompressed = 1;

    private const int MostPieces = 1 << 20;

    public required bool IsBigEndian { get; init; }

    public int Width { get; private init; }

    public int Height { get; private init; }

    public int Planes { get; private init; }

    public int BitDepth { get; private init; }

    public int Compression { get; private init; }

    public int Photometric { get; private init; }

    /// <summary>Whether each sample is coded as its difference from the one to the left.</summary>
    public bool IsDifferenced { get; private init; }

    public bool IsPlanar { get; private init; }

    public bool IsSigned { get; private init; }

    public bool IsTiled { get; private init; }

    /// <summary>Columns of a strip or tile.</summary>
    public int PieceWidth { get; private init; }

    /// <summary>Rows of a strip or tile.</summary>
    public int PieceHeight { get; private init; }

    /// <summary>Where the strips or tiles stand.</summary>
    public IReadOnlyList<uint> Offsets { get; private init; } = [];

    /// <summary>Bytes of each.</summary>
    public IReadOnlyList<uint> Lengths { get; private init; } = [];

    /// <summary>Pieces beside each other.</summary>
    public int PiecesAcross => (Width + PieceWidth - 1) / PieceWidth;

    /// <summary>Pieces below each other.</summary>
    public int PiecesDown => (Height + PieceHeight - 1) / PieceHeight;

    /// <summary>Reads the directory. Foreign bytes: never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out TiffDirectory? tags,
        [NotNullWhen(false)] out string? problem)
    {
        tags = null;
        problem = "its directory is damaged";
        bool isBigEndian = file.Length > 0 && file[0] == 'M';
        if (file.Length < 8)
        {
            return false;
        }

        uint start = Number(file[4..], 4, isBigEndian);
        Dictionary<int, uint[]> entries = [];
        if (start > file.Length - 6)
        {
            return false;
        }

        int count = (int)Number(file[(int)start..], 2, isBigEndian);
        ReadOnlySpan<byte> table = file[((int)start + 2)..];
        if (table.Length < (12 * count) + 4)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = table.Slice(12 * i, 12);
            if (TryValues(file, entry, isBigEndian, out uint[]? values))
            {
                entries[(int)Number(entry, 2, isBigEndian)] = values;
            }
        }

        if (Number(table[(12 * count)..], 4, isBigEndian) != 0)
        {
            problem = "it has several images";
            return false;
        }

        return TryInterpret(entries, isBigEndian, out tags, out problem);
    }

    private static bool TryInterpret(Dictionary<int, uint[]> entries, bool isBigEndian,
        [NotNullWhen(true)] out TiffDirectory? tags, [NotNullWhen(false)] out string? problem)
    {
        uint Value(int tag, uint usual) => entries.TryGetValue(tag, out uint[]? values) && values.Length > 0
            ? values[0]
            : usual;
        bool AllAre(int tag, uint value) => !entries.TryGetValue(tag, out uint[]? values)
            || values.All(one => one == value);

        tags = null;
        (uint width, uint height, uint planes) = (Value(256, 0), Value(257, 0), Value(277, 1));
        uint depth = Value(258, 1);
        uint format = Value(339, 1);
        bool isTiled = entries.ContainsKey(324);
        problem = "it is not of 8 or 16 bits, whole numbers, 1 to 1,024 planes and up to 65,536 columns and rows";
        if (width is 0 or > MediaLimits.MaxWidth || height is 0 or > MediaLimits.MaxWidth
            || planes is 0 or > MediaLimits.MaxBands || depth is not (8 or 16) || !AllAre(258, depth)
            || format is not (1 or 2) || !AllAre(339, format) || Value(266, 1) != 1)
        {
            return false;
        }

        problem = "its compression or colours are none of those that are read";
        if (Value(262, 1) == 3 || Value(259, 1) is not (1 or 5 or 8 or 32773 or 32946) || Value(317, 1) is not (1 or 2))
        {
            return false;
        }

        TiffDirectory found = new()
        {
            IsBigEndian = isBigEndian,
            Width = (int)width,
            Height = (int)height,
            Planes = (int)planes,
            BitDepth = (int)depth,
            Compression = (int)Value(259, 1),
            Photometric = (int)Value(262, 1),
            IsDifferenced = Value(317, 1) == 2,
            IsPlanar = Value(284, 1) == 2 && planes > 1,
            IsSigned = format == 2,
            IsTiled = isTiled,
            PieceWidth = isTiled ? (int)Math.Min(Value(322, 0), MediaLimits.MaxWidth) : (int)width,
            PieceHeight = (int)Math.Min(isTiled ? Value(323, 0) : Value(278, height), isTiled
                ? MediaLimits.MaxWidth
                : height),
            Offsets = entries.GetValueOrDefault(isTiled ? 324 : 273, []),
            Lengths = entries.GetValueOrDefault(isTiled ? 325 : 279, []),
        };
        problem = "its strips or tiles are not all there";
        bool isWell = found.PieceWidth > 0 && found.PieceHeight > 0 && found.Photometric <= 255
            && found.Offsets.Count == found.Lengths.Count && found.Offsets.Count == (long)found.PiecesAcross
                * found.PiecesDown * (found.IsPlanar ? found.Planes : 1);
        tags = isWell ? found : null;
        return isWell;
    }

    // Bytes, shorts and longs; other types are of no use here.
    private static bool TryValues(ReadOnlySpan<byte> file, ReadOnlySpan<byte> entry, bool isBigEndian,
        [NotNullWhen(true)] out uint[]? values)
    {
        values = null;
        int size = Number(entry[2..], 2, isBigEndian) switch { 1 => 1, 3 => 2, 4 => 4, _ => 0 };
        uint count = Number(entry[4..], 4, isBigEndian);
        if (size == 0 || count is 0 or > MostPieces)
        {
            return false;
        }

        int length = size * (int)count;
        uint at = Number(entry[8..], 4, isBigEndian);
        if (length > 4 && at > file.Length - length)
        {
            return false;
        }

        ReadOnlySpan<byte> from = length <= 4 ? entry[8..] : file.Slice((int)at, length);
        values = new uint[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Number(from[(i * size)..], size, isBigEndian);
        }

        return true;
    }

    private static uint Number(ReadOnlySpan<byte> from, int size, bool isBigEndian) => size switch
    {
        1 => from[0],
        2 => isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(from) : BinaryPrimitives.ReadUInt16LittleEndian(from),
        _ => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadUInt32LittleEndian(from),
    };
}
