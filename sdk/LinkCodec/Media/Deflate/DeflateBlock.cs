namespace LinkCodec.Media.Deflate;

/// <summary>The symbols of a block, and its bits once it is full: stored, with the fixed codes or with codes of its
/// own, whichever is shortest.</summary>
internal sealed class DeflateBlock
{
    private const int EndOfBlock = 256;
    private const int FirstLength = 257;

    private static readonly byte[] FixedLengths = MakeFixedLengths();
    private static readonly ushort[] FixedCodes = HuffmanTree.Codes(FixedLengths);
    private static readonly byte[] FixedDistances = [.. Enumerable.Repeat((byte)5, 30)];
    private static readonly ushort[] FixedDistanceCodes = HuffmanTree.Codes(FixedDistances);
    private static readonly byte[] LengthCodes = MakeLengthCodes();

    private readonly (ushort Distance, byte Value)[] _symbols;
    private readonly ReadOnlyMemory<byte> _expected;
    private readonly DeflateBits _bits = new();
    private readonly HuffmanTree _literals = new(286, 15);
    private readonly HuffmanTree _distances = new(30, 15);
    private readonly HuffmanTree _lengths = new(19, 7);
    private int _count;

    /// <summary>An empty block.</summary>
    /// <param name="most">The most symbols.</param>
    /// <param name="expected">The stream that should come; empty for no matter.</param>
    public DeflateBlock(int most, ReadOnlyMemory<byte> expected)
    {
        _symbols = new (ushort, byte)[most];
        _expected = expected;
        Clear();
    }

    internal static ReadOnlySpan<byte> LengthExtra =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    internal static ReadOnlySpan<byte> DistanceExtra =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9,
        10, 10, 11, 11, 12, 12, 13, 13];

    internal static ReadOnlySpan<byte> RepeatExtra => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7];

    private static ReadOnlySpan<byte> LengthOrder =>
        [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>The bytes of all blocks.</summary>
    public byte[] Output() => _bits.ToArray();

    /// <summary>Adds a byte; whether the block is full then.</summary>
    public bool AddLiteral(byte value)
    {
        _symbols[_count++] = (0, value);
        _literals.Frequencies[value]++;
        return _count == _symbols.Length;
    }

    /// <summary>Adds a match; whether the block is full then.</summary>
    public bool AddMatch(int distance, int length)
    {
        _symbols[_count++] = ((ushort)distance, (byte)(length - 3));
        _literals.Frequencies[FirstLength + LengthCodes[length - 3]]++;
        _distances.Frequencies[DistanceCode(distance - 1)]++;
        return _count == _symbols.Length;
    }

    /// <summary>Writes the block.</summary>
    /// <param name="content">The bytes that its symbols stand for.</param>
    /// <param name="isLast">Whether it is the last one.</param>
    /// <returns>Whether the stream is as expected so far.</returns>
    public bool Flush(ReadOnlySpan<byte> content, bool isLast)
    {
        _literals.Build();
        _distances.Build();
        Scan(_literals.Lengths.AsSpan(0, _literals.Used), (symbol, _) => _lengths.Frequencies[symbol]++);
        Scan(_distances.Lengths.AsSpan(0, _distances.Used), (symbol, _) => _lengths.Frequencies[symbol]++);
        _lengths.Build();
        int orders = 19;
        while (orders > 4 && _lengths.Lengths[LengthOrder[orders - 1]] == 0)
        {
            orders--;
        }

        long trees = _lengths.Bits(_lengths.Lengths, RepeatExtra, 0) + (3 * orders) + 14;
        long own = (trees + BitsWith(_literals.Lengths, _distances.Lengths) + 10) >> 3;
        long preset = (BitsWith(FixedLengths, FixedDistances) + 10) >> 3;
        if (content.Length + 4 <= Math.Min(own, preset))
        {
            _bits.Put(isLast ? 1 : 0, 3);
            _bits.PutStored(content);
        }
        else if (preset <= own)
        {
            _bits.Put((isLast ? 1 : 0) + 2, 3);
            PutSymbols(FixedLengths, FixedCodes, FixedDistances, FixedDistanceCodes);
        }
        else
        {
            _bits.Put((isLast ? 1 : 0) + 4, 3);
            PutTrees(orders);
            PutSymbols(_literals.Lengths, _literals.Codes(), _distances.Lengths, _distances.Codes());
        }

        if (isLast)
        {
            _bits.Align();
        }

        Clear();
        return _expected.IsEmpty || _expected.Span.StartsWith(_bits.Whole);
    }

    private long BitsWith(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> distances) =>
        _literals.Bits(lengths, LengthExtra, FirstLength) + _distances.Bits(distances, DistanceExtra, 0);

    private static int DistanceCode(int distance)
    {
        if (distance < 4)
        {
            return distance;
        }

        int log = int.Log2(distance);
        return (2 * log) + ((distance >> (log - 1)) & 1);
    }

    private static byte[] MakeFixedLengths()
    {
        byte[] lengths = new byte[288];
        lengths.AsSpan(0, 144).Fill(8);
        lengths.AsSpan(144, 112).Fill(9);
        lengths.AsSpan(256, 24).Fill(7);
        lengths.AsSpan(280).Fill(8);
        return lengths;
    }

    private static byte[] MakeLengthCodes()
    {
        byte[] codes = new byte[256];
        int at = 0;
        for (int code = 0; code < 28; code++)
        {
            codes.AsSpan(at, Math.Min(1 << LengthExtra[code], 256 - at)).Fill((byte)code);
            at += 1 << LengthExtra[code];
        }

        codes[255] = 28;
        return codes;
    }

    // Runs of code lengths: a length, 16 for 3 to 6 more of it, 17 for 3 to 10 zeros, 18 for 11 to 138.
    private static void Scan(ReadOnlySpan<byte> lengths, Action<int, int> put)
    {
        int last = -1;
        for (int at = 0; at < lengths.Length;)
        {
            int length = lengths[at];
            int most = length == 0 ? 138 : length == last ? 6 : 7;
            int least = length == 0 || length == last ? 3 : 4;
            int count = 1;
            while (count < most && at + count < lengths.Length && lengths[at + count] == length)
            {
                count++;
            }

            at += count;
            if (count < least)
            {
                for (; count > 0; count--)
                {
                    put(length, 0);
                }
            }
            else if (length != 0)
            {
                if (length != last)
                {
                    put(length, 0);
                    count--;
                }

                put(16, count - 3);
            }
            else
            {
                put(count <= 10 ? 17 : 18, count - (count <= 10 ? 3 : 11));
            }

            last = length;
        }
    }

    private void PutTrees(int orders)
    {
        _bits.Put(_literals.Used - 257, 5);
        _bits.Put(_distances.Used - 1, 5);
        _bits.Put(orders - 4, 4);
        for (int i = 0; i < orders; i++)
        {
            _bits.Put(_lengths.Lengths[LengthOrder[i]], 3);
        }

        ushort[] codes = _lengths.Codes();
        void Put(int symbol, int extra)
        {
            _bits.Put(codes[symbol], _lengths.Lengths[symbol]);
            _bits.Put(extra, RepeatExtra[symbol]);
        }

        Scan(_literals.Lengths.AsSpan(0, _literals.Used), Put);
        Scan(_distances.Lengths.AsSpan(0, _distances.Used), Put);
    }

    private void PutSymbols(byte[] lengths, ushort[] codes, byte[] distanceLengths, ushort[] distanceCodes)
    {
        foreach ((ushort distance, byte value) in _symbols.AsSpan(0, _count))
        {
            if (distance == 0)
            {
                _bits.Put(codes[value], lengths[value]);
                continue;
            }

            int code = LengthCodes[value];
            _bits.Put(codes[FirstLength + code], lengths[FirstLength + code]);
            int extra = LengthExtra[code];
            _bits.Put(value & ((1 << extra) - 1), extra);
            code = DistanceCode(distance - 1);
            _bits.Put(distanceCodes[code], distanceLengths[code]);
            extra = DistanceExtra[code];
            _bits.Put((distance - 1) & ((1 << extra) - 1), extra);
        }

        _bits.Put(codes[EndOfBlock], lengths[EndOfBlock]);
    }

    private void Clear()
    {
        _count = 0;
        _literals.Clear();
        _distances.Clear();
        _lengths.Clear();
        _literals.Frequencies[EndOfBlock] = 1;
    }
}
