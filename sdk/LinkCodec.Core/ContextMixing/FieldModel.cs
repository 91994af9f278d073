namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Tells a record's fields apart, remembers where each was last, and expects what it holds now: the same again, or a
/// number gone on by its last step.
/// </summary>
/// <remarks>
/// A field's key is its number in the record, the JSON key before it, and in NMEA sentences the sentence's name: found
/// without a schema. Spec: protocol-spec/10-context-mixing.md, section 5.4.
/// </remarks>
internal sealed class FieldModel
{
    private const int MostDigits = 18;
    private readonly byte[] _next = new byte[20]; // the number that the last step leads to
    private int _nextLength;
    private int _start;
    private int _number;      // number of the field in its record
    private uint _type;       // hash of the sentence's name
    private uint _lastString; // hash of the JSON key
    private int _keyNumber;   // the key's own number: fields after it are counted from there
    private int _slot;
    private int _before;      // where this field started last time; 0 for none
    private bool _isNumber;
    private long _value;
    private int _digits;

    /// <summary>The hash that names the field: 32 bits.</summary>
    internal uint Key { get; private set; }

    /// <summary>Hash of the field's bytes so far.</summary>
    internal uint Content { get; private set; }

    /// <summary>Hash of the field before.</summary>
    internal uint Previous { get; private set; }

    /// <summary>Bytes of the field so far.</summary>
    internal int Offset { get; private set; }

    /// <summary>The field's number in the record.</summary>
    internal int Number => _number;

    internal void BeginMessage() => (_lastString, _keyNumber, Previous) = (0, 0, 0);

    internal void BeginRecord(MixingMemory memory)
    {
        (_number, _type, _lastString, _keyNumber) = (0, 0, 0, 0);
        BeginField(memory);
    }

    /// <summary>The bytes at this offset, and the one after, of the same field last time; 256 for none.</summary>
    internal (uint Same, uint Next) Above(MixingMemory memory) =>
        _before == 0 ? (256u, 256u) : (memory.At(_before + Offset), memory.At(_before + Offset + 1));

    internal void Expect(MixingMemory memory, ExpectedByteModel expected)
    {
        int offset = Math.Min(Offset, 7);
        if (_before != 0 && _before + Offset < _start)
        {
            int same = IsSame(memory) ? 1 : 0;
            expected.Set(MixingLayout.FieldByte, memory.At(_before + Offset),
                ((((memory.FieldHits[_slot] & 7) << 3) | offset) << 1) | same);
        }

        if (Offset < _nextLength && FollowsNext(memory))
        {
            expected.Set(MixingLayout.NumberByte, _next[Offset],
                ((memory.ExpectedByteHits[MixingLayout.NumberByte] & 3) << 3) | offset);
        }
    }

    /// <summary>Remembers whether the field's expected byte was right; before <see cref="Update"/>.</summary>
    internal void UpdateHits(MixingMemory memory, ExpectedByteModel expected, byte value)
    {
        if (expected.Has(MixingLayout.FieldByte))
        {
            ExpectedByteModel.Hit(ref memory.FieldHits[_slot], expected.Is(MixingLayout.FieldByte, value));
        }
    }

    /// <summary>Learns the byte that was just appended. spec 10.5-4</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="value">The byte.</param>
    /// <param name="before">The byte before that one.</param>
    /// <param name="first">The record's first byte.</param>
    /// <param name="isBinary">Whether a newline is a byte like others, and no end of a record.</param>
    internal void Update(MixingMemory memory, byte value, byte before, byte first, bool isBinary)
    {
        if (_isNumber)
        {
            if (ByteClasses.IsDigit(value) && _digits < MostDigits)
            {
                _value = (_value * 10) + (value - '0');
                _digits++;
            }
            else
            {
                EndNumber(memory);
            }
        }

        if (!ByteClasses.IsDelimiter(value))
        {
            Content = ContextHash.Of(Content, value + 1u);
            Offset++;
            return;
        }

        uint closed = Previous; // the hash of what stood between the quotes, when a colon follows them
        EndField(memory);
        if (value == ':' && before == '"')
        {
            (_lastString, _keyNumber) = (closed, _number);
        }
        else if (value == ',')
        {
            (_lastString, _keyNumber) = (0, 0);
        }

        if (_number == 0 && first is (byte)'$' or (byte)'!')
        {
            _type = Previous;
        }

        _number++;
        if (value != '\n' || isBinary)
        {
            BeginField(memory);
        }
    }

    /// <summary>Ends the field that is open.</summary>
    internal void EndField(MixingMemory memory)
    {
        if (_isNumber)
        {
            EndNumber(memory);
        }

        memory.FieldStarts[_slot] = (ushort)_start;
        memory.FieldChecks[_slot] = (byte)Key;
        Previous = Content;
    }

    private void BeginField(MixingMemory memory)
    {
        (_start, Content, Offset, _nextLength) = (memory.Position, 0, 0, 0);
        (_isNumber, _value, _digits) = (true, 0, 0);
        Key = ContextHash.Of((_lastString * 3) + (uint)Math.Min(_number - _keyNumber, 200), _type);
        _slot = (int)(Key >> 24);
        _before = memory.FieldChecks[_slot] == (byte)Key ? memory.Find(memory.FieldStarts[_slot]) : 0;
        long value = memory.FieldNumbers[_slot];
        long step = memory.FieldSteps[_slot];
        if (_before != 0 && value >= 0 && step != 0 && value + step >= 0)
        {
            WriteNext(memory, value + step);
        }
    }

    // The number's digits, with zeros in front up to the width that it had.
    private void WriteNext(MixingMemory memory, long value)
    {
        int width = 0;
        while (width < _next.Length && ByteClasses.IsDigit(memory.At(_before + width)))
        {
            width++;
        }

        int length = 1;
        for (long rest = value / 10; rest > 0; rest /= 10)
        {
            length++;
        }

        _nextLength = Math.Max(width, length);
        for (int i = _nextLength - 1; i >= 0; i--)
        {
            _next[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private void EndNumber(MixingMemory memory) // spec 10.5-5
    {
        _isNumber = false;
        bool known = memory.FieldChecks[_slot] == (byte)Key && memory.FieldStarts[_slot] != 0;
        long last = memory.FieldNumbers[_slot];
        bool valid = _digits is > 0 and < 16;
        memory.FieldSteps[_slot] = valid && known && last >= 0 ? _value - last : 0;
        memory.FieldNumbers[_slot] = valid ? _value : -1;
    }

    private bool IsSame(MixingMemory memory)
    {
        for (int i = Math.Max(0, Offset - 8); i < Offset; i++)
        {
            if (memory.At(_before + i) != memory.At(_start + i))
            {
                return false;
            }
        }

        return true;
    }

    private bool FollowsNext(MixingMemory memory)
    {
        for (int i = 0; i < Offset; i++)
        {
            if (memory.At(_start + i) != _next[i])
            {
                return false;
            }
        }

        return true;
    }
}
