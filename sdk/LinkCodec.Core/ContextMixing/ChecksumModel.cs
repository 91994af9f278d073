namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Knows the checksums of common formats, which follow from what came before: it computes them and expects them.
/// </summary>
/// <remarks>
/// UBX Fletcher bytes (u-blox interface descriptions), Mode S CRC-24, as bytes and in hex, which is overlaid with the
/// aircraft's address in replies (ICAO Annex 10 volume IV), NMEA 0183's exclusive or, and the last digit of a two-line
/// element's line. Spec: protocol-spec/10-context-mixing.md, section 5.6.
/// </remarks>
internal sealed class ChecksumModel
{
    private const int AddressSlots = MixingLayout.AddressSlots;
    private const int CrcPolynomial = 0xFFF409;
    private const int ParityBytes = 3;
    private const int LongBytes = 11; // bytes of a Mode S message before its parity
    private const int ShortBytes = 4;
    private const int Zero = 0;       // what a message's parity has been changed with: nothing,
    private const int Address = 1;    // the aircraft's address,
    private const int Unknown = -1;   // or it is no such message
    private const int ElementLine = 68;   // characters of a line before the check digit
    private static readonly int[] CrcTable = MakeCrcTable();
    private int _crc;
    private int _exclusiveOr;
    private int _digitSum;
    private bool _isAddress; // whether the byte expected stands for an address
    private int _fletcherA;
    private int _fletcherB;
    private int _fletcherBefore;
    private int _format; // Mode S downlink format; -1 for not known
    private int _parity; // the last three bytes
    private uint _beginning; // the message's first four bytes
    private int _star;   // NMEA's asterisk; -1 for none
    private int _hexStart;
    private int _hexDigits;
    private int _nibble;
    private bool _upperCase;

    /// <summary>The column of the star before a checksum; -1 for none.</summary>
    internal int Star => _star;

    internal void BeginRecord()
    {
        (_crc, _exclusiveOr, _digitSum, _fletcherA, _fletcherB, _fletcherBefore) = (0, 0, 0, 0, 0, 0);
        (_format, _star, _hexStart, _hexDigits, _nibble, _upperCase) = (-1, -1, -1, 0, 0, false);
        (_parity, _beginning, _isAddress) = (0, 0, false);
    }

    /// <summary>Learns the byte at a column of the record.</summary>
    internal void Update(MixingMemory memory, ExpectedByteModel expected, byte value, int column, bool isBinary)
    {
        if (_isAddress)
        {
            ExpectedByteModel.Hit(ref memory.AddressHits[0], expected.Is(MixingLayout.ChecksumByte, value));
        }

        if (isBinary)
        {
            UpdateBinary(memory, value, column);
            return;
        }

        UpdateHex(memory, value, column);
        if (value == '*' && column > 0)
        {
            _star = column;
        }
        else if (column > 0 && _star < 0)
        {
            _exclusiveOr ^= value;
        }

        if (column < ElementLine)
        {
            _digitSum += ByteClasses.IsDigit(value) ? value - '0' : value == '-' ? 1 : 0;
        }
    }

    /// <summary>Expects the byte at a column, above 0, where it is a checksum. spec 10.5-6</summary>
    internal void Expect(MixingMemory memory, ExpectedByteModel expected, int record, int column, bool isBinary)
    {
        _isAddress = false;
        (int value, int kind) = isBinary ? Binary(memory, record, column) : Text(memory, record, column);
        if (value >= 0)
        {
            byte hits = _isAddress ? memory.AddressHits[0] : memory.ExpectedByteHits[MixingLayout.ChecksumByte];
            expected.Set(MixingLayout.ChecksumByte, value, (kind << 3) | (hits & 7));
        }
    }

    private static char HexDigit(int value, bool upperCase) =>
        (upperCase ? "0123456789ABCDEF" : "0123456789abcdef")[value & 15];

    private static int[] MakeCrcTable()
    {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++)
        {
            int remainder = i << 16;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 0x800000) != 0 ? (remainder << 1) ^ CrcPolynomial : remainder << 1;
            }

            table[i] = remainder & 0xFFFFFF;
        }

        return table;
    }

    private void UpdateBinary(MixingMemory memory, byte value, int column)
    {
        UpdateModeS(memory, value, column);

        if (column >= 2)
        {
            _fletcherBefore = _fletcherB;
            _fletcherA = (_fletcherA + value) & 0xFF;
            _fletcherB = (_fletcherB + _fletcherA) & 0xFF;
        }
    }

    // The byte at a place of what may be a Mode S message.
    private void UpdateModeS(MixingMemory memory, byte value, int place)
    {
        if (place == 0)
        {
            _format = value >> 3;
        }

        int data = _format >= 16 ? LongBytes : ShortBytes;
        if (place < data)
        {
            AddToCrc(value);
        }

        _parity = ((_parity << 8) | value) & 0xFFFFFF;
        if (place < ShortBytes)
        {
            _beginning = (_beginning << 8) | value;
        }

        if (place == ShortBytes - 1 && _format is 11 or 17 or 18)
        {
            memory.Addresses[AddressSlots] = _parity;
        }
        else if (place == data + ParityBytes - 1 && Overlay == Address)
        {
            memory.Addresses[AddressSlot] = memory.Addresses[AddressSlots] = _crc ^ _parity;
        }
    }

    // What the parity is overlaid with by the message's format.
    private int Overlay => _format is 17 or 18 ? Zero : _format is 0 or 4 or 5 or 16 or 20 or 21 ? Address : Unknown;

    private int AddressSlot => (int)(ContextHash.Of(_beginning, 41) >> 24);

    // The parity of a Mode S message, as it should be; -1 for not known.
    private int Parity(MixingMemory memory)
    {
        if (Overlay != Address)
        {
            return Overlay == Zero ? _crc : -1;
        }

        int address = memory.Addresses[AddressSlot];
        address = address != 0 ? address : memory.Addresses[AddressSlots];
        _isAddress = address != 0;
        return address != 0 ? _crc ^ address : -1;
    }

    private void UpdateHex(MixingMemory memory, byte value, int column)
    {
        int digit = ByteClasses.HexValue(value);
        if (digit < 0)
        {
            (_hexStart, _hexDigits, _crc) = (-1, 0, 0);
            return;
        }

        _upperCase |= value is >= (byte)'A' and <= (byte)'F';
        if (_hexStart < 0)
        {
            _hexStart = column;
        }

        _hexDigits = column - _hexStart + 1;
        if ((_hexDigits & 1) != 0)
        {
            _nibble = digit;
            return;
        }

        UpdateModeS(memory, (byte)((_nibble << 4) | digit), (_hexDigits / 2) - 1);
    }

    private void AddToCrc(byte value) => _crc = ((_crc << 8) & 0xFFFFFF) ^ CrcTable[((_crc >> 16) ^ value) & 0xFF];

    private (int Value, int Kind) Binary(MixingMemory memory, int record, int column)
    {
        if (column >= 8 && memory.At(record) == 0xB5 && memory.At(record + 1) == 0x62)
        {
            int end = (memory.At(record + 4) | (memory.At(record + 5) << 8)) + 6;
            return column == end ? (_fletcherA, 0) : column == end + 1 ? (_fletcherBefore, 1) : (-1, 0);
        }

        int place = column - (_format >= 16 ? LongBytes : ShortBytes);
        return place is >= 0 and < ParityBytes && Parity(memory) is >= 0 and int parity
            ? ((parity >> (8 * (2 - place))) & 0xFF, (_isAddress ? 5 : 2) + place)
            : (-1, 0);
    }

    private (int Value, int Kind) Text(MixingMemory memory, int record, int column)
    {
        if (_star > 0 && column - _star is 1 or 2)
        {
            int left = column - _star;
            return (HexDigit(left == 1 ? _exclusiveOr >> 4 : _exclusiveOr, upperCase: true), 8 + left);
        }

        int place = _hexDigits - (2 * (_format >= 16 ? LongBytes : ShortBytes));
        if (_hexStart >= 0 && place is >= 0 and < 2 * ParityBytes && Parity(memory) is >= 0 and int parity)
        {
            return (HexDigit(parity >> (4 * (5 - place)), _upperCase), (_isAddress ? 25 : 16) + place);
        }

        return column == ElementLine && memory.At(record) is (byte)'1' or (byte)'2' && memory.At(record + 1) == ' '
            ? ('0' + (_digitSum % 10), 24)
            : (-1, 0);
    }
}
