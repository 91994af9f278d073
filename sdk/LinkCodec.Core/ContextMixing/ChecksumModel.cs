namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Knows the checksums of common formats, which follow from what came before: it computes them and expects them.
/// </summary>
/// <remarks>
/// UBX Fletcher bytes (u-blox interface descriptions), Mode S CRC-24 of extended squitters, as bytes and in hex (ICAO
/// Annex 10 volume IV), NMEA 0183's exclusive or, and the last digit of a two-line element's line. Spec:
/// protocol-spec/10-context-mixing.md, section 5.5.
/// </remarks>
internal sealed class ChecksumModel
{
    private const int CrcPolynomial = 0xFFF409;
    private const int SquitterBytes = 11; // bytes of a squitter before its CRC
    private const int ElementLine = 68;   // characters of a line before the check digit
    private static readonly int[] CrcTable = MakeCrcTable();
    private int _crc;
    private int _exclusiveOr;
    private int _digitSum;
    private int _fletcherA;
    private int _fletcherB;
    private int _fletcherBefore;
    private int _format; // Mode S downlink format; -1 for not known
    private int _star;   // NMEA's asterisk; -1 for none
    private int _hexStart;
    private int _hexDigits;
    private int _nibble;
    private bool _upperCase;

    internal void BeginRecord()
    {
        (_crc, _exclusiveOr, _digitSum, _fletcherA, _fletcherB, _fletcherBefore) = (0, 0, 0, 0, 0, 0);
        (_format, _star, _hexStart, _hexDigits, _nibble, _upperCase) = (-1, -1, -1, 0, 0, false);
    }

    /// <summary>Learns the byte at a column of the record.</summary>
    internal void Update(byte value, int column, bool isBinary)
    {
        if (isBinary)
        {
            UpdateBinary(value, column);
            return;
        }

        UpdateHex(value, column);
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
        (int value, int kind) = isBinary ? Binary(memory, record, column) : Text(memory, record, column);
        if (value >= 0)
        {
            expected.Set(MixingLayout.ChecksumByte, value,
                (kind << 3) | (memory.ExpectedByteHits[MixingLayout.ChecksumByte] & 7));
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

    private void UpdateBinary(byte value, int column)
    {
        if (column == 0)
        {
            _format = value >> 3;
        }

        if (column < SquitterBytes)
        {
            AddToCrc(value);
        }

        if (column >= 2)
        {
            _fletcherBefore = _fletcherB;
            _fletcherA = (_fletcherA + value) & 0xFF;
            _fletcherB = (_fletcherB + _fletcherA) & 0xFF;
        }
    }

    private void UpdateHex(byte value, int column)
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

        int whole = (_nibble << 4) | digit;
        if (_hexDigits == 2)
        {
            _format = whole >> 3;
        }

        if (_hexDigits <= 2 * SquitterBytes)
        {
            AddToCrc((byte)whole);
        }
    }

    private void AddToCrc(byte value) => _crc = ((_crc << 8) & 0xFFFFFF) ^ CrcTable[((_crc >> 16) ^ value) & 0xFF];

    private (int Value, int Kind) Binary(MixingMemory memory, int record, int column)
    {
        if (column >= 8 && memory.At(record) == 0xB5 && memory.At(record + 1) == 0x62)
        {
            int end = (memory.At(record + 4) | (memory.At(record + 5) << 8)) + 6;
            return column == end ? (_fletcherA, 0) : column == end + 1 ? (_fletcherBefore, 1) : (-1, 0);
        }

        return column is >= SquitterBytes and < SquitterBytes + 3 && _format is 17 or 18
            ? ((_crc >> (8 * (SquitterBytes + 2 - column))) & 0xFF, 2 + column - SquitterBytes)
            : (-1, 0);
    }

    private (int Value, int Kind) Text(MixingMemory memory, int record, int column)
    {
        if (_star > 0 && column - _star is 1 or 2)
        {
            int left = column - _star;
            return (HexDigit(left == 1 ? _exclusiveOr >> 4 : _exclusiveOr, upperCase: true), 8 + left);
        }

        if (_hexStart >= 0 && _hexDigits is >= 2 * SquitterBytes and < 2 * (SquitterBytes + 3) && _format is 17 or 18)
        {
            int digit = _hexDigits - (2 * SquitterBytes);
            return (HexDigit(_crc >> (4 * (5 - digit)), _upperCase), 16 + digit);
        }

        return column == ElementLine && memory.At(record) is (byte)'1' or (byte)'2' && memory.At(record + 1) == ' '
            ? ('0' + (_digitSum % 10), 24)
            : (-1, 0);
    }
}
