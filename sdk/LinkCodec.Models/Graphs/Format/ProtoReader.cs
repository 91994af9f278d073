namespace LinkCodec.Models.Graphs.Format;

/// <summary>
/// Reads the fields of one protocol buffers message, one after the other. Never throws, never reads past the bytes.
/// </summary>
/// <remarks>
/// Takes numbers and byte strings, the wire types 0 and 2; any other is malformed here, as are field numbers above 31.
/// </remarks>
internal struct ProtoReader(ReadOnlyMemory<byte> message)
{
    private const int MostNumberBytes = 10;
    private ReadOnlyMemory<byte> _rest = message;

    /// <summary>Whether something could not be read; nothing more is read then.</summary>
    internal bool Malformed { get; private set; }

    /// <summary>The current field's number, 1 to 31.</summary>
    internal int Field { get; private set; }

    /// <summary>Whether the current field holds <see cref="Bytes"/>, and otherwise a <see cref="Number"/>.</summary>
    internal bool IsBytes { get; private set; }

    /// <summary>The current field's number as it was written: 64 bits in two's complement.</summary>
    internal long Number { get; private set; }

    /// <summary>The current field's bytes, a part of the message.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>Goes to the next field; false at the end, and when it cannot be read.</summary>
    internal bool Next()
    {
        if (Malformed || _rest.IsEmpty)
        {
            return false;
        }

        if (!TryNumber(out ulong key) || key >> 3 is 0 or > 31 || (key & 7) is not (0 or 2)
            || !TryNumber(out ulong number))
        {
            return Fail();
        }

        Field = (int)(key >> 3);
        IsBytes = (key & 7) == 2;
        Number = unchecked((long)number);
        Bytes = default;
        if (IsBytes)
        {
            if (number > (ulong)_rest.Length)
            {
                return Fail();
            }

            Bytes = _rest[..(int)number];
            _rest = _rest[(int)number..];
        }

        return true;
    }

    private bool Fail()
    {
        Malformed = true;
        return false;
    }

    private bool TryNumber(out ulong number)
    {
        number = 0;
        ReadOnlySpan<byte> bytes = _rest.Span;
        for (int i = 0; i < Math.Min(bytes.Length, MostNumberBytes); i++)
        {
            number |= (ulong)(bytes[i] & 127) << (7 * i);
            if (bytes[i] < 128)
            {
                _rest = _rest[(i + 1)..];
                return i < MostNumberBytes - 1 || bytes[i] <= 1; // the tenth byte has one bit left
            }
        }

        return false;
    }
}
