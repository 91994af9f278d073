using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>
/// The place that a code has come to: its bytes so far, its words, records and fields, and where its last bytes stood
/// before. Not thread-safe.
/// </summary>
/// <remarks>Memory: 150 KB. Spec: protocol-spec/16-primed-mixing.md, sections 3 and 4.</remarks>
internal sealed class PrimedContexts
{
    private const int LongestCheck = 32;
    private const int LongestCount = 63;
    private const int ShortestMatch = 4;
    private const int MostFields = 200;
    private const uint None = 256; // stands for a byte that is not there
    private readonly byte[] _bytes = new byte[PrimedLayout.HistoryBytes];
    private readonly int[] _matches = new int[PrimedLayout.MatchSlots];
    private readonly int[] _fields = new int[PrimedLayout.FieldSlots]; // where each slot's field last began; 0 for none
    private int _position;
    private uint _word;
    private uint _wordBefore;
    private int _record;      // where the record begins
    private int _number;      // of the field, from the record's beginning or the last key on
    private uint _type;       // hash of the first field of a record that begins with $ or !
    private uint _string;     // hash of the string that a colon followed
    private uint _quoted;     // hash of what the last quotation mark ended
    private uint _key;
    private uint _content;    // hash of the field's bytes so far
    private int _offset;      // their number
    private int _before;      // where the same field began before; 0 for none
    private int _place;       // of the byte that the match expects; 0 for none
    private int _length;      // of the match

    /// <summary>The byte that the match expects behind a 1; 0 for none.</summary>
    internal int Expected => _place != 0 ? 256 | _bytes[_place] : 0;

    /// <summary>The match's length in classes.</summary>
    internal int MatchClass => _length < 16 ? _length : _length < 24 ? 16 : _length < 32 ? 17 : 18;

    /// <summary>The slot of the present field.</summary>
    internal int Slot { get; private set; }

    /// <summary>Begins a code. spec 16.3-1</summary>
    internal void Begin()
    {
        Array.Clear(_matches);
        Array.Clear(_fields);
        _bytes.AsSpan(0, PrimedLayout.HistoryStart).Clear();
        _position = PrimedLayout.HistoryStart;
        (_word, _wordBefore, _place, _length) = (0, 0, 0, 0);
        BeginRecord();
        BeginField();
    }

    /// <summary>The hashes of the contexts of the next byte. spec 16.3-3</summary>
    /// <param name="hashes">Gets one for each context.</param>
    internal void Set(uint[] hashes)
    {
        ReadOnlySpan<byte> last = _bytes.AsSpan(_position - 6, 6);
        uint last1 = last[5];
        uint last2 = last1 | ((uint)last[4] << 8);
        uint last3 = last2 | ((uint)last[3] << 16);
        uint last4 = last3 | ((uint)last[2] << 24);
        uint more = last[1] | ((uint)last[0] << 8);
        int above = _before + _offset;
        uint same = _before != 0 && above < _position ? _bytes[above] : None;
        uint next = _before != 0 && above + 1 < _position ? _bytes[above + 1] : None;
        hashes[0] = ContextHash.Of(last1, 1);
        hashes[1] = ContextHash.Of(last2, 2);
        hashes[2] = ContextHash.Of(last3, 3);
        hashes[3] = ContextHash.Of(last4, 4);
        hashes[4] = ContextHash.Of(last4, 5 + (more * 16));
        hashes[5] = ContextHash.Of(_word, _wordBefore + (last1 * 7) + 6);
        hashes[6] = ContextHash.Of(_key, _content + 7);
        hashes[7] = ContextHash.Of((_key * 3) + (uint)_offset, (((same * 300) + next) * 257) + last1);
    }

    /// <summary>Learns a byte. spec 16.3-2</summary>
    internal void Update(byte value)
    {
        int position = _position;
        bool goesOn = _place != 0 && _bytes[_place] == value;
        _bytes[position++] = value;
        _position = position;
        if (ByteClasses.IsLetter(value))
        {
            _word = ContextHash.Of(_word, (value | 32u) + 1);
        }
        else if (_word != 0)
        {
            (_wordBefore, _word) = (_word, 0);
        }

        if (IsDelimiter(value))
        {
            EndField(value);
        }
        else
        {
            _content = ContextHash.Of(_content, value + 1u);
            _offset++;
        }

        (_place, _length) = goesOn ? (_place + 1, Math.Min(_length + 1, LongestCount)) : (0, 0);
        Match(position);
    }

    // spec 16.4-1
    private void Match(int position)
    {
        ReadOnlySpan<byte> last = _bytes.AsSpan(position - 5, 5);
        uint last4 = last[4] | ((uint)last[3] << 8) | ((uint)last[2] << 16) | ((uint)last[1] << 24);
        ref int slot = ref _matches[ContextHash.Of(last4, last[0] + 9u) >> 20];
        int place = slot;
        slot = position;
        if (_place != 0 || place == 0)
        {
            return;
        }

        int length = 0;
        while (length < LongestCheck && place - length > PrimedLayout.HistoryStart
            && _bytes[place - 1 - length] == _bytes[position - 1 - length])
        {
            length++;
        }

        if (length >= ShortestMatch)
        {
            (_place, _length) = (place, length);
        }
    }

    private void EndField(byte value)
    {
        if (_number == 0 && _bytes[_record] is (byte)'$' or (byte)'!')
        {
            _type = _content;
        }

        switch (value)
        {
            case (byte)':':
                (_string, _number) = (_quoted, 0);
                break;
            case (byte)',':
                _string = 0;
                break;
            case (byte)'"':
                _quoted = _content;
                break;
        }

        _number++;
        if (value == '\n')
        {
            BeginRecord();
        }

        BeginField();
    }

    private void BeginRecord() =>
        (_record, _number, _type, _string, _quoted) = (_position, 0, 0, 0, 0);

    private void BeginField()
    {
        _key = ContextHash.Of((_string * 3) + (uint)Math.Min(_number, MostFields), _type + 5);
        Slot = (int)(_key >> 24);
        (_before, _content, _offset) = (_fields[Slot], 0, 0);
        _fields[Slot] = _position;
    }

    private static bool IsDelimiter(byte value) => value is (byte)',' or (byte)';' or (byte)'|' or (byte)'\t'
        or (byte)' ' or (byte)':' or (byte)'"' or (byte)'{' or (byte)'}' or (byte)'*' or (byte)'/' or (byte)'='
        or (byte)'\n';
}
