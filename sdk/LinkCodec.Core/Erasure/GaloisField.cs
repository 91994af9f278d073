using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LinkCodec.Core.Erasure;

/// <summary>Arithmetic in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 of RFC 8681, section 3.7.1, on single
/// elements and on rows of bytes.</summary>
/// <remarks>Addition is exclusive or. Rows are multiplied 32 bytes at a time by GFNI's affine transform or by shuffles
/// of two tables of 16, and elsewhere 16 at a time; all give the same bytes.</remarks>
internal static class GaloisField
{
    private const int Polynomial = 0x11D;

    // The elements are powers of 2: Exp is doubled, so that the sum of two logarithms needs no reduction.
    private static readonly byte[] Exp = new byte[512];
    private static readonly byte[] Log = new byte[256];

    // Of each element, its products with 0 to 15, and with 16 times these: 32 bytes.
    private static readonly byte[] Nibbles = new byte[256 * 32];

    // Of each element, its multiplication as the bit matrix of GFNI's affine transform.
    private static readonly ulong[] Matrices = new ulong[256];

    static GaloisField()
    {
        int value = 1;
        for (int i = 0; i < 255; i++)
        {
            (Exp[i], Exp[i + 255], Log[value]) = ((byte)value, (byte)value, (byte)i);
            value = (value << 1) ^ ((value & 0x80) != 0 ? Polynomial : 0);
        }

        for (int element = 0; element < 256; element++)
        {
            for (int i = 0; i < 16; i++)
            {
                Nibbles[(32 * element) + i] = Multiply((byte)element, (byte)i);
                Nibbles[(32 * element) + 16 + i] = Multiply((byte)element, (byte)(i << 4));
            }

            Matrices[element] = MatrixOf((byte)element);
        }
    }

    /// <summary>The product of two elements.</summary>
    public static byte Multiply(byte a, byte b) => a == 0 || b == 0 ? (byte)0 : Exp[Log[a] + Log[b]];

    /// <summary>The element whose product with <paramref name="a"/>, which is not 0, is 1.</summary>
    public static byte Invert(byte a) => Exp[255 - Log[a]];

    /// <summary>Adds <paramref name="factor"/> times each byte of <paramref name="source"/> to the byte in its place of
    /// <paramref name="target"/>, which is at least as long.</summary>
    public static void AddProduct(Span<byte> target, ReadOnlySpan<byte> source, byte factor)
    {
        target = target[..source.Length];
        int done = factor == 0 ? source.Length
            : Gfni.V256.IsSupported ? AddByMatrix(target, source, factor)
            : Vector256.IsHardwareAccelerated ? AddByWideShuffle(target, source, factor)
            : Vector128.IsHardwareAccelerated ? AddByShuffle(target, source, factor) : 0;
        AddByTable(target[done..], source[done..], factor);
    }

    /// <summary>Multiplies each byte of <paramref name="row"/> by <paramref name="factor"/>.</summary>
    public static void Scale(Span<byte> row, byte factor) => AddProduct(row, row, (byte)(factor ^ 1)); // x + (f + 1) x

    /// <summary>The bytes of whole vectors are done by GFNI; the result says how many.</summary>
    internal static int AddByMatrix(Span<byte> target, ReadOnlySpan<byte> source, byte factor)
    {
        Vector256<byte> matrix = Vector256.Create(Matrices[factor]).AsByte();
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(target[..source.Length]);
        nuint i = 0;
        for (; i + 32 <= (nuint)source.Length; i += 32)
        {
            Vector256<byte> product =
                Gfni.V256.GaloisFieldAffineTransform(Vector256.LoadUnsafe(ref from, i), matrix, 0);
            (Vector256.LoadUnsafe(ref to, i) ^ product).StoreUnsafe(ref to, i);
        }

        return (int)i;
    }

    /// <summary>The same by shuffles of 32 bytes.</summary>
    internal static int AddByWideShuffle(Span<byte> target, ReadOnlySpan<byte> source, byte factor)
    {
        ReadOnlySpan<byte> tables = Nibbles.AsSpan(32 * factor, 32);
        Vector128<byte> low = Vector128.Create(tables), high = Vector128.Create(tables[16..]);
        Vector256<byte> lows = Vector256.Create(low, low), highs = Vector256.Create(high, high);
        Vector256<byte> mask = Vector256.Create((byte)15);
        int i = 0;
        for (; i <= source.Length - 32; i += 32)
        {
            Vector256<byte> bytes = Vector256.Create(source[i..]);
            Vector256<byte> upper = (bytes.AsUInt16() >>> 4).AsByte() & mask;
            Vector256<byte> product = ShuffleHalves(lows, bytes & mask) ^ ShuffleHalves(highs, upper);
            (Vector256.Create<byte>(target[i..]) ^ product).CopyTo(target[i..]);
        }

        return i;
    }

    /// <summary>The same by shuffles of 16 bytes.</summary>
    internal static int AddByShuffle(Span<byte> target, ReadOnlySpan<byte> source, byte factor)
    {
        ReadOnlySpan<byte> tables = Nibbles.AsSpan(32 * factor, 32);
        Vector128<byte> low = Vector128.Create(tables), high = Vector128.Create(tables[16..]);
        Vector128<byte> mask = Vector128.Create((byte)15);
        int i = 0;
        for (; i <= source.Length - 16; i += 16)
        {
            Vector128<byte> bytes = Vector128.Create(source[i..]);
            Vector128<byte> upper = (bytes.AsUInt16() >>> 4).AsByte() & mask;
            Vector128<byte> product = Vector128.Shuffle(low, bytes & mask) ^ Vector128.Shuffle(high, upper);
            (Vector128.Create<byte>(target[i..]) ^ product).CopyTo(target[i..]);
        }

        return i;
    }

    /// <summary>The same byte by byte, on any machine.</summary>
    internal static void AddByTable(Span<byte> target, ReadOnlySpan<byte> source, byte factor)
    {
        ReadOnlySpan<byte> tables = Nibbles.AsSpan(32 * factor, 32);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] ^= (byte)(tables[source[i] & 15] ^ tables[16 + (source[i] >> 4)]);
        }
    }

    // Each half of 16 bytes picks among its own 16.
    private static Vector256<byte> ShuffleHalves(Vector256<byte> table, Vector256<byte> places) =>
        Avx2.IsSupported ? Avx2.Shuffle(table, places)
            : Vector256.Create(
                Vector128.Shuffle(table.GetLower(), places.GetLower()),
                Vector128.Shuffle(table.GetUpper(), places.GetUpper()));

    // Bit b of a product is the parity of the operand with row b of the matrix, which stands in byte 7 - b.
    private static ulong MatrixOf(byte element)
    {
        ulong matrix = 0;
        for (int column = 0; column < 8; column++)
        {
            byte image = Multiply(element, (byte)(1 << column));
            for (int row = 0; row < 8; row++)
            {
                matrix |= (ulong)(image >> row & 1) << ((8 * (7 - row)) + column);
            }
        }

        return matrix;
    }
}
