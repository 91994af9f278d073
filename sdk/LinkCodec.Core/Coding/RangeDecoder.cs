namespace LinkCodec.Core.Coding;

/// <summary>
/// Range decoder: the inverse of <see cref="RangeEncoder"/>. Reads zeros past the end of the code, so it needs no
/// length.
/// </summary>
/// <remarks>
/// <para>The decoder never fails: any bytes are the code of some symbols. The caller bounds how many it asks for. A
/// struct that borrows nothing: pass the same code to every call, so that decoders can live in arrays beside their
/// streams.</para>
/// <para>Bytes that no encoder writes can put the code at or above the range. Then the last symbol comes for ever; that
/// is where a check over the decoded data, not the decoder, says no. Spec: protocol-spec/05-coding.md, sections 1 and
/// 2.</para>
/// </remarks>
internal struct RangeDecoder
{
    private const ulong RenormaliseBelow = 1UL << 56;

    private ulong _code; // The code's value relative to the interval's lower end.
    private ulong _range;
    private int _position;
    private int _past;

    /// <summary>Starts at the first byte of <paramref name="code"/>.</summary>
    public RangeDecoder(ReadOnlySpan<byte> code)
    {
        _range = ulong.MaxValue; // spec 5.1-1
        for (int i = 0; i < 8; i++)
        {
            _code = (_code << 8) | Next(code);
        }
    }

    /// <summary>Whether every byte of a code of <paramref name="length"/> bytes has entered the decoder.</summary>
    public readonly bool HasRead(int length) => _position >= length;

    /// <summary>
    /// Zeros read past the end of the code. After the last symbol of a code that an encoder wrote there are 15 at most.
    /// </summary>
    public readonly int BytesPastEnd => _past;

    /// <summary>
    /// The place that the code points to in the scale 0 to 2^<paramref name="bits"/> - 1; the symbol whose interval
    /// holds it comes next.
    /// </summary>
    /// <param name="bits">Binary logarithm of the frequencies' sum, 1 to 24; the same as the encoder's.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is outside these limits.</exception>
    public readonly uint Peek(int bits)
    {
        if ((uint)(bits - 1) >= 24)
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "1 to 24.");
        }

        ulong value = _code / (_range >> bits);
        ulong last = (1UL << bits) - 1;
        return (uint)(value > last ? last : value); // spec 5.1-3, 5.2-3
    }

    /// <summary>Leaves the interval that <see cref="Peek"/> pointed into.</summary>
    /// <param name="code">The code that the decoder was made with.</param>
    /// <param name="cumulative">Lower end of the symbol's interval.</param>
    /// <param name="frequency">Size of the symbol's interval.</param>
    /// <param name="bits">Binary logarithm of the scale, as in <see cref="Peek"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is empty or leaves the scale.</exception>
    public void Consume(ReadOnlySpan<byte> code, uint cumulative, uint frequency, int bits)
    {
        // An empty range would be shifted for ever.
        if ((uint)(bits - 1) >= 24 || frequency == 0 || (ulong)cumulative + frequency > 1UL << bits || _range == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(frequency),
                "The interval must be non-empty and inside the scale.");
        }

        ulong unit = _range >> bits; // spec 5.1-2
        ulong offset = unit * cumulative;
        _code -= offset;
        _range = cumulative + frequency == 1u << bits ? _range - offset : unit * frequency;
        while (_range < RenormaliseBelow) // spec 5.1-4
        {
            _code = (_code << 8) | Next(code);
            _range <<= 8;
        }
    }

    /// <summary>
    /// Decodes a decision between two: the first has the lower <paramref name="split"/> slots of the scale, the second
    /// the others. No division.
    /// </summary>
    /// <param name="code">The code that the decoder was made with.</param>
    /// <param name="split">1 to 2^<paramref name="bits"/> - 1.</param>
    /// <param name="bits">Binary logarithm of the scale, 1 to 24; the same as the encoder's.</param>
    /// <returns>Whether the decision is for the second.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="split"/> leaves one of the two
    /// nothing.</exception>
    public bool DecodeBit(ReadOnlySpan<byte> code, uint split, int bits)
    {
        if ((uint)(bits - 1) >= 24 || split - 1 >= (1u << bits) - 1 || _range == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(split), "Both must have slots.");
        }

        // Equal to Peek and Consume: floor(code / unit) >= split just where code >= unit * split.
        ulong first = (_range >> bits) * split; // spec 5.1-2
        bool isSecond = _code >= first; // spec 5.2-3
        if (isSecond)
        {
            _code -= first;
            _range -= first; // spec 5.1-3
        }
        else
        {
            _range = first;
        }

        while (_range < RenormaliseBelow) // spec 5.1-4
        {
            _code = (_code << 8) | Next(code);
            _range <<= 8;
        }

        return isSecond;
    }

    private byte Next(ReadOnlySpan<byte> code)
    {
        if (_position < code.Length)
        {
            return code[_position++];
        }

        _past = Math.Min(_past, int.MaxValue - 1) + 1;
        return 0; // spec 5.2-2
    }
}
