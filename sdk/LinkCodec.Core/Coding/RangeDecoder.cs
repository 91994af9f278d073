using System.Diagnostics;

namespace LinkCodec.Core.Coding;

/// <summary>Range decoder: the inverse of <see cref="RangeEncoder"/>. Reads zeros past the end of the code, so it needs no length.</summary>
/// <remarks>
/// Never fails: any bytes are the code of some symbols. The caller bounds how many it asks for. A struct that borrows nothing:
/// pass the same code to every call, so that decoders can live in arrays beside their streams.
/// </remarks>
public struct RangeDecoder
{
    private const ulong RenormaliseBelow = 1UL << 56;

    private ulong _code; // The code's value relative to the interval's lower end.
    private ulong _range;
    private ulong _unit;
    private int _position;

    /// <summary>Starts at the first byte of <paramref name="code"/>.</summary>
    public RangeDecoder(ReadOnlySpan<byte> code)
    {
        _range = ulong.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            _code = (_code << 8) | Next(code);
        }
    }

    /// <summary>Whether every byte of a code of <paramref name="length"/> bytes has entered the decoder.</summary>
    public readonly bool HasRead(int length) => _position >= length;

    /// <summary>Where the code points in the scale 0 to 2^<paramref name="bits"/> - 1; the symbol whose interval holds it comes next.</summary>
    /// <param name="bits">Binary logarithm of the frequencies' sum, 1 to 24; the same as the encoder's.</param>
    public uint Peek(int bits)
    {
        Debug.Assert(bits is >= 1 and <= 24);
        _unit = _range >> bits;
        ulong value = _code / _unit;
        ulong last = (1UL << bits) - 1;
        return (uint)(value > last ? last : value);
    }

    /// <summary>Leaves the interval that <see cref="Peek"/> pointed into.</summary>
    /// <param name="code">The same code as before.</param>
    /// <param name="cumulative">Lower end of the symbol's interval.</param>
    /// <param name="frequency">Size of the symbol's interval.</param>
    /// <param name="bits">The same scale as in <see cref="Peek"/>.</param>
    public void Consume(ReadOnlySpan<byte> code, uint cumulative, uint frequency, int bits)
    {
        ulong offset = _unit * cumulative;
        _code -= offset;
        _range = cumulative + frequency == 1u << bits ? _range - offset : _unit * frequency;
        while (_range < RenormaliseBelow)
        {
            _code = (_code << 8) | Next(code);
            _range <<= 8;
        }
    }

    private byte Next(ReadOnlySpan<byte> code)
    {
        int at = _position;
        if (at < code.Length)
        {
            _position = at + 1;
            return code[at];
        }

        _position = int.Min(at, int.MaxValue - 1);
        return 0;
    }
}
