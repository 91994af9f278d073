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
    private const int ShortestCopy = 2;
    private const int NoChange = 15;
    private const long NoNumber = long.MinValue;
    private readonly byte[] _next = new byte[24]; // the number that the last step leads to
    private int _nextLength;
    private bool _isNext;     // whether the field has begun with it
    private int _start;
    private int _number;      // number of the field in its record
    private uint _type;       // hash of the sentence's name
    private uint _lastString; // hash of the JSON key
    private int _keyNumber;   // the key's own number: fields after it are counted from there
    private int _slot;
    private int _before;      // where this field started last time; 0 for none
    private bool _isNumber;
    private bool _isNegative;
    private long _value;
    private int _digits;
    private int _point;       // digits behind the point and one more; 0 without a point
    private int _change;      // 0 as long as the field is what it was, 1 above, 2 below
    private int _changeAt;    // the offset of the first byte that differs
    private int _copy;        // where the field starts that this one repeats; 0 for none
    private bool _isCopy;     // whether it has done so until now

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

    /// <summary>Whether the field's expected byte was right the last times.</summary>
    internal int Hits(MixingMemory memory) => memory.FieldHits[_slot];

    internal void BeginMessage() => (_lastString, _keyNumber, Previous) = (0, 0, 0);

    internal void BeginRecord(MixingMemory memory)
    {
        (_number, _type, _lastString, _keyNumber) = (0, 0, 0, 0);
        BeginField(memory);
    }

    /// <summary>The bytes at this offset, and the one after, of the same field last time; 256 for none.</summary>
    internal (uint Same, uint Next) Above(MixingMemory memory) =>
        _before == 0 ? (256u, 256u) : (memory.At(_before + Offset), memory.At(_before + Offset + 1));

    // How a digit stands to that of the field last time: whether those before were the same, and where the field
    // changed last. Below 40.
    private int DigitState(MixingMemory memory)
    {
        int changed = memory.FieldChanges[_slot];
        int at = changed >> 2;
        int state = _change == 0
            ? (changed == 0 ? 0 : Offset < at ? 1 : Offset == at ? 2 : 3) * 6 + ((changed & 3) * 2)
            : 24 + ((_change - 1) * 6) + (Math.Min(Offset - _changeAt, 3) - 1) * 2;
        return state + (ByteClasses.IsDigit(memory.At(_before + Offset + 1)) ? 0 : 1);
    }

    internal void Expect(MixingMemory memory, ExpectedByteModel expected)
    {
        int offset = Math.Min(Offset, 7);
        if (_before != 0 && _before + Offset < _start)
        {
            int same = IsSame(memory) ? 1 : 0;
            expected.Set(MixingLayout.FieldByte, memory.At(_before + Offset),
                ((((memory.FieldHits[_slot] & 7) << 3) | offset) << 1) | same);
        }

        if (Offset < _nextLength && _isNext)
        {
            expected.Set(MixingLayout.NumberByte, _next[Offset],
                ((memory.ExpectedByteHits[MixingLayout.NumberByte] & 3) << 3) | offset);
        }

        if (_copy != 0 && _isCopy && _copy + Offset < _start)
        {
            expected.Set(MixingLayout.CopyByte, memory.At(_copy + Offset),
                ((memory.ExpectedByteHits[MixingLayout.CopyByte] & 15) << 4) | (_copy > _before ? 8 : 0) | offset);
        }
    }

    /// <summary>Sets the digits from which those that come will differ by little. spec 10.5-10</summary>
    internal void Differ(MixingMemory memory, uint[] map, DifferenceModel differences)
    {
        if (_before == 0)
        {
            return;
        }

        int same = memory.At(_before + Offset);
        if (ByteClasses.IsDigit(same))
        {
            differences.Set(map, 0, same, DigitState(memory));
        }

        if (Offset < _nextLength && ByteClasses.IsDigit(_next[Offset]) && _isNext)
        {
            differences.Set(map, 1, _next[Offset],
                ((memory.ExpectedByteHits[MixingLayout.NumberByte] & 3) << 3) | (Math.Min(Offset, 3) << 1)
                | (Offset == _nextLength - 1 ? 1 : 0));
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
        if (_isNumber && !GoesOn(value))
        {
            EndNumber(memory);
        }

        if (!ByteClasses.IsDelimiter(value))
        {
            if (_before != 0 && _change == 0 && value != memory.At(_before + Offset))
            {
                (_change, _changeAt) = (value > memory.At(_before + Offset) ? 1 : 2, Offset);
            }

            _isNext = _isNext && Offset < _nextLength && _next[Offset] == value;
            _isCopy = _isCopy && _copy != 0 && memory.At(_copy + Offset) == value;
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

        if (Offset >= ShortestCopy) // spec 10.5-8
        {
            ref ushort content = ref memory.Contents[Content >> 24];
            int check = (int)(Content & 0xFF) << 8;
            if ((content & 0xFF00) == check && (content & 0xFF) != _slot)
            {
                memory.FieldSources[_slot] = (ushort)((content & 0xFF) + 1);
            }

            content = (ushort)(check | _slot);
        }

        memory.FieldChanges[_slot] = _before == 0 ? (byte)0
            : (byte)(((_change == 0 ? NoChange : Math.Min(_changeAt, NoChange - 1)) << 2) | _change);
        memory.FieldStarts[_slot] = (ushort)_start;
        memory.FieldChecks[_slot] = (byte)Key;
        Previous = Content;
    }

    private void BeginField(MixingMemory memory)
    {
        (_start, Content, Offset, _nextLength) = (memory.Position, 0, 0, 0);
        (_isNumber, _isNegative, _value, _digits, _point) = (true, false, 0, 0, 0);
        (_change, _changeAt) = (0, 0);
        Key = ContextHash.Of((_lastString * 3) + (uint)Math.Min(_number - _keyNumber, 200), _type);
        _slot = (int)(Key >> 24);
        _before = memory.FieldChecks[_slot] == (byte)Key ? memory.Find(memory.FieldStarts[_slot]) : 0;
        int source = memory.FieldSources[_slot];
        _copy = source != 0 ? memory.Find(memory.FieldStarts[source - 1]) : 0;
        (_isCopy, _isNext) = (true, true);
        long value = memory.FieldNumbers[_slot];
        long step = memory.FieldSteps[_slot];
        if (_before != 0 && value != NoNumber && step != 0)
        {
            WriteNext(memory, value + step, memory.FieldDecimals[_slot]);
        }
    }

    // Whether the byte belongs to the field's number: a sign in front, digits, and one point.
    private bool GoesOn(byte value)
    {
        if (ByteClasses.IsDigit(value) && _digits < MostDigits)
        {
            _value = (_value * 10) + (value - '0');
            _digits++;
            _point += _point != 0 ? 1 : 0;
            return true;
        }

        if (value == '.' && _point == 0 && _digits > 0)
        {
            _point = 1;
            return true;
        }

        if (value == '-' && Offset == 0)
        {
            _isNegative = true;
            return true;
        }

        return false;
    }

    // The number's characters, with zeros in front up to as many digits as it had.
    private void WriteNext(MixingMemory memory, long value, int point)
    {
        int width = 0;
        int place = _before + (memory.At(_before) == '-' ? 1 : 0);
        for (; width < MostDigits && (ByteClasses.IsDigit(memory.At(place)) || memory.At(place) == '.'); place++)
        {
            width += memory.At(place) == '.' ? 0 : 1;
        }

        long rest = Math.Abs(value);
        int digits = 1;
        for (long left = rest / 10; left > 0; left /= 10)
        {
            digits++;
        }

        digits = Math.Max(Math.Max(width, digits), point);
        int start = value < 0 ? 1 : 0;
        _nextLength = start + digits + (point > 0 ? 1 : 0);
        _next[0] = (byte)'-';
        for (int i = _nextLength - 1, written = 0; i >= start; i--)
        {
            if (point > 0 && written == point - 1 && i == _nextLength - point)
            {
                _next[i] = (byte)'.';
                continue;
            }

            _next[i] = (byte)('0' + (rest % 10));
            rest /= 10;
            written++;
        }
    }

    private void EndNumber(MixingMemory memory) // spec 10.5-5
    {
        _isNumber = false;
        long last = memory.FieldNumbers[_slot];
        bool known = memory.FieldChecks[_slot] == (byte)Key && memory.FieldStarts[_slot] != 0 && last != NoNumber
            && memory.FieldDecimals[_slot] == _point;
        bool valid = _digits is > 0 and < 16;
        long value = _isNegative ? -_value : _value;
        memory.FieldSteps[_slot] = valid && known ? value - last : 0;
        memory.FieldNumbers[_slot] = valid ? value : NoNumber;
        memory.FieldDecimals[_slot] = (byte)_point;
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
}
