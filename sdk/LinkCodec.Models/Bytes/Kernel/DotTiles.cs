using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>
/// The product in tiles that fit the registers: one row or two by four vectors of columns, or six rows by two.
/// </summary>
/// <remarks>
/// A panel is four vectors wide. It is read from memory once and then from the first cache for all other rows, so that
/// many rows cost what their products cost, and one row what the weights' way from memory costs. The methods of the
/// loops are compiled in full when first called: the first steps of a process count.
/// </remarks>
internal sealed class DotTiles<TVector, TDot>(string name) : DotProduct
    where TVector : unmanaged
    where TDot : struct, IDot<TVector>
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization;

    /// <inheritdoc/>
    internal override string Name { get; } = name;

    /// <inheritdoc/>
    internal override bool IsSupported => TDot.IsSupported;

    /// <inheritdoc/>
    internal override int PanelColumns => 4 * Columns;

    /// <inheritdoc/>
    internal override int ZeroOfSigned => TDot.SignedRows ? 0 : 128;

    /// <inheritdoc/>
    internal override int ZeroOfUnsigned => TDot.SignedRows ? -128 : 0;

    private static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.SizeOf<TVector>() / sizeof(int);
    }

    private static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.SizeOf<TVector>();
    }

    /// <inheritdoc/>
    [MethodImpl(Hot)]
    internal override void Multiply(PackedMatrix matrix, ReadOnlySpan<byte> rows, int rowStride, Span<int> sums,
        int sumStride, int count)
    {
        int groups = matrix.Groups;
        int columns = matrix.Panels * PanelColumns;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowStride, 4 * groups);
        ArgumentOutOfRangeException.ThrowIfLessThan(sumStride, columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, (long)rowStride * count, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, (long)sumStride * count, nameof(sums));
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Weights.Length, columns * groups * 4, nameof(matrix));
        ref byte weights = ref MemoryMarshal.GetReference(matrix.Weights.Span);
        ref int starts = ref MemoryMarshal.GetReference(matrix.Starts.Span);
        ref byte firstRow = ref MemoryMarshal.GetReference(rows);
        ref int firstSum = ref MemoryMarshal.GetReference(sums);
        for (int panel = 0; panel < matrix.Panels; panel++)
        {
            ref byte row = ref firstRow;
            ref int sum = ref firstSum;
            int left = count;
            for (; left >= 6; left -= 6)
            {
                Six(ref weights, groups, ref row, rowStride, ref starts, ref sum, sumStride);
                Six(ref Unsafe.Add(ref weights, 2 * Size), groups, ref row, rowStride,
                    ref Unsafe.Add(ref starts, 2 * Columns), ref Unsafe.Add(ref sum, 2 * Columns), sumStride);
                row = ref Unsafe.Add(ref row, 6 * rowStride);
                sum = ref Unsafe.Add(ref sum, 6 * sumStride);
            }

            for (; left >= 2; left -= 2)
            {
                Two(ref weights, groups, ref row, rowStride, ref starts, ref sum, sumStride);
                row = ref Unsafe.Add(ref row, 2 * rowStride);
                sum = ref Unsafe.Add(ref sum, 2 * sumStride);
            }

            if (left == 1)
            {
                One(ref weights, groups, ref row, ref starts, ref sum);
            }

            weights = ref Unsafe.Add(ref weights, groups * 4 * Size);
            starts = ref Unsafe.Add(ref starts, PanelColumns);
            firstSum = ref Unsafe.Add(ref firstSum, PanelColumns);
        }
    }

    [MethodImpl(Hot)]
    private static void One(ref byte weights, int groups, ref byte row, ref int starts, ref int sums)
    {
        TVector s0 = Sums(ref starts, 0), s1 = Sums(ref starts, 1), s2 = Sums(ref starts, 2), s3 = Sums(ref starts, 3);
        for (int group = 0; group < groups; group++)
        {
            TVector x = TDot.Row(in row);
            s0 = TDot.Add(s0, x, TDot.Load(in weights));
            s1 = TDot.Add(s1, x, TDot.Load(in Unsafe.Add(ref weights, Size)));
            s2 = TDot.Add(s2, x, TDot.Load(in Unsafe.Add(ref weights, 2 * Size)));
            s3 = TDot.Add(s3, x, TDot.Load(in Unsafe.Add(ref weights, 3 * Size)));
            row = ref Unsafe.Add(ref row, 4);
            weights = ref Unsafe.Add(ref weights, 4 * Size);
        }

        Store(ref sums, 0, s0);
        Store(ref sums, 1, s1);
        Store(ref sums, 2, s2);
        Store(ref sums, 3, s3);
    }

    [MethodImpl(Hot)]
    private static void Two(ref byte weights, int groups, ref byte row, int rowStride, ref int starts, ref int sums,
        int sumStride)
    {
        TVector a0 = Sums(ref starts, 0), a1 = Sums(ref starts, 1), a2 = Sums(ref starts, 2), a3 = Sums(ref starts, 3);
        TVector b0 = a0, b1 = a1, b2 = a2, b3 = a3;
        for (int group = 0; group < groups; group++)
        {
            TVector x = TDot.Row(in row), y = TDot.Row(in Unsafe.Add(ref row, rowStride));
            TVector w = TDot.Load(in weights);
            a0 = TDot.Add(a0, x, w);
            b0 = TDot.Add(b0, y, w);
            w = TDot.Load(in Unsafe.Add(ref weights, Size));
            a1 = TDot.Add(a1, x, w);
            b1 = TDot.Add(b1, y, w);
            w = TDot.Load(in Unsafe.Add(ref weights, 2 * Size));
            a2 = TDot.Add(a2, x, w);
            b2 = TDot.Add(b2, y, w);
            w = TDot.Load(in Unsafe.Add(ref weights, 3 * Size));
            a3 = TDot.Add(a3, x, w);
            b3 = TDot.Add(b3, y, w);
            row = ref Unsafe.Add(ref row, 4);
            weights = ref Unsafe.Add(ref weights, 4 * Size);
        }

        Store(ref sums, 0, a0);
        Store(ref sums, 1, a1);
        Store(ref sums, 2, a2);
        Store(ref sums, 3, a3);
        sums = ref Unsafe.Add(ref sums, sumStride);
        Store(ref sums, 0, b0);
        Store(ref sums, 1, b1);
        Store(ref sums, 2, b2);
        Store(ref sums, 3, b3);
    }

    [MethodImpl(Hot)]
    private static void Six(ref byte weights, int groups, ref byte row, int rowStride, ref int starts, ref int sums,
        int sumStride)
    {
        TVector a0 = Sums(ref starts, 0), a1 = Sums(ref starts, 1);
        TVector b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1, e0 = a0, e1 = a1, f0 = a0, f1 = a1;
        ref byte row3 = ref Unsafe.Add(ref row, 3 * rowStride);
        nint one = rowStride, two = 2 * rowStride;
        for (int group = 0; group < groups; group++)
        {
            TVector w0 = TDot.Load(in weights), w1 = TDot.Load(in Unsafe.Add(ref weights, Size));
            TVector x = TDot.Row(in row);
            a0 = TDot.Add(a0, x, w0);
            a1 = TDot.Add(a1, x, w1);
            x = TDot.Row(in Unsafe.Add(ref row, one));
            b0 = TDot.Add(b0, x, w0);
            b1 = TDot.Add(b1, x, w1);
            x = TDot.Row(in Unsafe.Add(ref row, two));
            c0 = TDot.Add(c0, x, w0);
            c1 = TDot.Add(c1, x, w1);
            x = TDot.Row(in row3);
            d0 = TDot.Add(d0, x, w0);
            d1 = TDot.Add(d1, x, w1);
            x = TDot.Row(in Unsafe.Add(ref row3, one));
            e0 = TDot.Add(e0, x, w0);
            e1 = TDot.Add(e1, x, w1);
            x = TDot.Row(in Unsafe.Add(ref row3, two));
            f0 = TDot.Add(f0, x, w0);
            f1 = TDot.Add(f1, x, w1);
            row = ref Unsafe.Add(ref row, 4);
            row3 = ref Unsafe.Add(ref row3, 4);
            weights = ref Unsafe.Add(ref weights, 4 * Size);
        }

        Pair(ref sums, a0, a1);
        Pair(ref Unsafe.Add(ref sums, sumStride), b0, b1);
        Pair(ref Unsafe.Add(ref sums, 2 * sumStride), c0, c1);
        Pair(ref Unsafe.Add(ref sums, 3 * sumStride), d0, d1);
        Pair(ref Unsafe.Add(ref sums, 4 * sumStride), e0, e1);
        Pair(ref Unsafe.Add(ref sums, 5 * sumStride), f0, f1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(ref int sums, TVector first, TVector second)
    {
        Store(ref sums, 0, first);
        Store(ref sums, 1, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sums(ref int at, int vector) =>
        Unsafe.ReadUnaligned<TVector>(ref Unsafe.As<int, byte>(ref Unsafe.Add(ref at, vector * Columns)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref int at, int vector, TVector sums) =>
        Unsafe.WriteUnaligned(ref Unsafe.As<int, byte>(ref Unsafe.Add(ref at, vector * Columns)), sums);
}
