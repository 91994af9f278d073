namespace LinkCodec.Media.Deflate;

/// <summary>
/// A Huffman code of limited length, built as zlib builds it: of equal frequencies the shallower tree is joined first,
/// and lengths beyond the limit are evened out the same way, so that the code is the same.
/// </summary>
/// <param name="symbols">The number of symbols.</param>
/// <param name="mostLength">The longest code.</param>
internal sealed class HuffmanTree(int symbols, int mostLength)
{
    private const int MostCode = 15;

    private readonly int[] _weights = new int[2 * symbols];
    private readonly int[] _parents = new int[2 * symbols];
    private readonly int[] _depths = new int[2 * symbols];
    private readonly int[] _heap = new int[symbols + 1]; // from 1 on
    private readonly int[] _order = new int[2 * symbols]; // all nodes, the root first
    private int _heapLength;

    /// <summary>How often each symbol comes.</summary>
    public int[] Frequencies { get; } = new int[symbols];

    /// <summary>The length of each symbol's code.</summary>
    public byte[] Lengths { get; } = new byte[2 * symbols];

    /// <summary>The number of symbols up to the last one with a code.</summary>
    public int Used { get; private set; }

    /// <summary>Forgets the frequencies.</summary>
    public void Clear() => Array.Clear(Frequencies);

    /// <summary>The codes, with the bit in front that is sent first.</summary>
    public ushort[] Codes() => Codes(Lengths.AsSpan(0, Used));

    /// <summary>The codes of these lengths.</summary>
    public static ushort[] Codes(ReadOnlySpan<byte> lengths)
    {
        int[] next = new int[MostCode + 2];
        foreach (byte length in lengths)
        {
            next[length + 1] += length > 0 ? 1 : 0;
        }

        for (int length = 1; length <= MostCode; length++)
        {
            next[length + 1] += next[length] << 1;
            next[length] <<= 1;
        }

        ushort[] codes = new ushort[lengths.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            int code = lengths[i] == 0 ? 0 : next[lengths[i]]++;
            for (int bit = 0; bit < lengths[i]; bit++)
            {
                codes[i] |= (ushort)(((code >> bit) & 1) << (lengths[i] - 1 - bit));
            }
        }

        return codes;
    }

    /// <summary>Bits of all symbols with codes of these lengths, and their extra bits.</summary>
    public long Bits(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> extra, int firstExtra)
    {
        long bits = 0;
        for (int i = 0; i < Used; i++)
        {
            bits += (long)Frequencies[i] * (lengths[i] + (i >= firstExtra ? extra[i - firstExtra] : 0));
        }

        return bits;
    }

    /// <summary>Builds the code.</summary>
    public void Build()
    {
        Fill();
        for (int i = _heapLength / 2; i >= 1; i--)
        {
            Sink(i);
        }

        int node = symbols;
        int ordered = _order.Length;
        do
        {
            int first = _heap[1];
            _heap[1] = _heap[_heapLength--];
            Sink(1);
            int second = _heap[1];
            _order[--ordered] = first;
            _order[--ordered] = second;
            _weights[node] = _weights[first] + _weights[second];
            _depths[node] = Math.Max(_depths[first], _depths[second]) + 1;
            _parents[first] = _parents[second] = node;
            _heap[1] = node++;
            Sink(1);
        }
        while (_heapLength >= 2);

        _order[--ordered] = _heap[1];
        SetLengths(ordered);
    }

    // A code has two symbols at least: the first ones where nothing else comes.
    private void Fill()
    {
        _heapLength = 0;
        int last = -1;
        Array.Clear(Lengths);
        for (int i = 0; i < symbols; i++)
        {
            (_weights[i], _depths[i]) = (Frequencies[i], 0);
            if (_weights[i] != 0)
            {
                _heap[++_heapLength] = last = i;
            }
        }

        while (_heapLength < 2)
        {
            int more = last < 2 ? ++last : 0;
            _heap[++_heapLength] = more;
            _weights[more] = 1;
        }

        Used = last + 1;
    }

    private void Sink(int at)
    {
        int moved = _heap[at];
        for (int below = 2 * at; below <= _heapLength; below *= 2)
        {
            if (below < _heapLength && IsSmaller(_heap[below + 1], _heap[below]))
            {
                below++;
            }

            if (IsSmaller(moved, _heap[below]))
            {
                break;
            }

            (_heap[at], at) = (_heap[below], below);
        }

        _heap[at] = moved;
    }

    private bool IsSmaller(int a, int b) =>
        _weights[a] < _weights[b] || (_weights[a] == _weights[b] && _depths[a] <= _depths[b]);

    private void SetLengths(int root)
    {
        Span<int> counts = stackalloc int[MostCode + 2];
        counts.Clear();
        int over = 0;
        Lengths[_order[root]] = 0;
        for (int i = root + 1; i < _order.Length; i++)
        {
            int node = _order[i];
            int length = Lengths[_parents[node]] + 1;
            if (length > mostLength)
            {
                length = mostLength;
                over++;
            }

            Lengths[node] = (byte)length;
            counts[length] += node < symbols ? 1 : 0;
        }

        if (over == 0)
        {
            return;
        }

        for (; over > 0; over -= 2)
        {
            int length = mostLength - 1;
            while (counts[length] == 0)
            {
                length--;
            }

            counts[length]--;
            counts[length + 1] += 2;
            counts[mostLength]--;
        }

        int at = _order.Length;
        for (int length = mostLength; length != 0; length--)
        {
            for (int left = counts[length]; left != 0;)
            {
                int node = _order[--at];
                if (node < symbols)
                {
                    Lengths[node] = (byte)length;
                    left--;
                }
            }
        }
    }
}
