using System.Buffers.Binary;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Tries common checksums over the records of each kind, learns which of them their last bytes follow, and expects
/// those bytes.
/// </summary>
/// <remarks>
/// What a checksum and the bytes at the record's end differ by, the residue, is the same in every record of a length,
/// whatever the checksum begins with and wherever in the constant head it begins. Spec:
/// protocol-spec/10-context-mixing.md, section 5.11.
/// </remarks>
internal sealed class TrailerModel
{
    private const int Sums = MixingLayout.TrailerSums;
    private const int FirstKind = 16; // of the confidences of checksums
    private const int Fletcher = 5;
    private const int MostHits = 7;
    private const int Longest = 4; // bytes of a checksum at most
    private static readonly uint[] Ccitt = MakeTable(0x1021, 16);
    private static readonly uint[] Qualcomm = MakeTable(0x864CFB, 24);
    private static readonly uint[] Arc = MakeReflectedTable(0xA001);
    private static readonly uint[] Ethernet = MakeReflectedTable(0xEDB88320);
    private readonly uint[] _sums = new uint[Sums];
    private readonly uint[] _past = new uint[Sums * Longest]; // the sums before each of the last bytes
    private uint _last; // the record's last four bytes
    private int _column;
    private int _kind;

    // Bytes of each sum: CRC-32 with the lowest byte first, and the highest; CRC-24; two CRC-16; Fletcher's two bytes;
    // the sum in 16 bits; exclusive or; the sum in 8 bits.
    private static ReadOnlySpan<byte> Widths => [4, 4, 3, 2, 2, 2, 2, 1, 1];

    internal void Begin()
    {
        Array.Clear(_sums);
        (_sums[0], _sums[1], _sums[3], _sums[4]) = (uint.MaxValue, uint.MaxValue, 0xFFFF, 0xFFFF);
        Array.Clear(_past);
        (_last, _column, _kind) = (0, 0, 0);
    }

    /// <summary>Expects the next byte, where a checksum says it. spec 10.5-11</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="expected">Takes the byte.</param>
    /// <param name="stated">The record's length as its header may state it.</param>
    internal void Expect(MixingMemory memory, ExpectedByteModel expected, int stated)
    {
        int left = (memory.TrailerStated[_kind] != 0 ? stated : memory.TrailerLengths[_kind]) - _column;
        if (_column < Longest || left is < 1 or > Longest)
        {
            return;
        }

        int best = -1;
        int streak = 0;
        for (int i = 0; i < Sums; i++)
        {
            int hits = memory.TrailerHits[(_kind * Sums) + i];
            if (left <= Widths[i] && hits > streak)
            {
                (best, streak) = (i, hits);
            }
        }

        if (best < 0)
        {
            return;
        }

        int done = Widths[best] - left;
        uint sum = done == 0 ? _sums[best] : _past[(best * Longest) + ((_column - done) % Longest)];
        uint residue = memory.TrailerResidues[(_kind * Sums) + best];
        uint whole = IsAdded(best) ? Add(best, sum, residue) : sum ^ residue;
        int shift = 8 * (IsLowFirst(best) ? done : left - 1);
        expected.Set(MixingLayout.ChecksumByte, (int)(whole >> shift) & 0xFF, ((FirstKind + streak) << 3)
            | (memory.ExpectedByteHits[MixingLayout.ChecksumByte] & 7));
    }

    /// <summary>Learns a byte.</summary>
    internal void Update(byte value)
    {
        for (int i = 0; i < Sums; i++)
        {
            _past[(i * Longest) + (_column % Longest)] = _sums[i];
        }

        uint ethernet = (_sums[0] >> 8) ^ Ethernet[(_sums[0] ^ value) & 0xFF];
        (_sums[0], _sums[1]) = (ethernet, ethernet);
        _sums[2] = ((_sums[2] << 8) & 0xFFFFFF) ^ Qualcomm[(_sums[2] >> 16) ^ value];
        _sums[3] = ((_sums[3] << 8) & 0xFFFF) ^ Ccitt[(_sums[3] >> 8) ^ value];
        _sums[4] = (_sums[4] >> 8) ^ Arc[(_sums[4] ^ value) & 0xFF];
        uint a = ((_sums[5] & 0xFF) + value) & 0xFF;
        _sums[5] = a | ((((_sums[5] >> 8) + a) & 0xFF) << 8);
        _sums[6] = (_sums[6] + value) & 0xFFFF;
        _sums[7] ^= value;
        _sums[8] = (_sums[8] + value) & 0xFF;
        _last = (_last << 8) | value;
        _column++;
        if (_column == 2)
        {
            _kind = (int)(ContextHash.Of(_last & 0xFFFF, 61) >> 26);
        }
    }

    /// <summary>Ends the record.</summary>
    internal void End(MixingMemory memory, int stated)
    {
        if (_column < 2 + Longest)
        {
            return;
        }

        memory.TrailerStated[_kind] = (byte)(stated == _column ? 1 : 0);
        memory.TrailerLengths[_kind] = (ushort)Math.Min(_column, ushort.MaxValue);
        for (int i = 0; i < Sums; i++)
        {
            int width = Widths[i];
            uint sum = _past[(i * Longest) + ((_column - width) % Longest)];
            uint mask = width == 4 ? uint.MaxValue : (1u << (8 * width)) - 1;
            uint came = _last & mask;
            came = IsLowFirst(i) ? BinaryPrimitives.ReverseEndianness(came) >> (8 * (4 - width)) : came;
            uint residue = (IsAdded(i) ? Add(i, came, ~sum, 1) : came ^ sum) & mask;
            int slot = (_kind * Sums) + i;
            ref byte hits = ref memory.TrailerHits[slot];
            hits = memory.TrailerResidues[slot] == residue ? (byte)Math.Min(hits + 1, MostHits) : (byte)0;
            memory.TrailerResidues[slot] = residue;
        }
    }

    private static bool IsLowFirst(int sum) => sum is 0 or 4 or 5;

    private static bool IsAdded(int sum) => sum is 5 or 6 or 8;

    // Fletcher's two bytes are sums of their own.
    private static uint Add(int sum, uint a, uint b, uint more = 0) => sum == Fletcher
        ? ((a + b + more) & 0xFF) | (((a & 0xFF00) + (b & 0xFF00) + (more << 8)) & 0xFF00)
        : a + b + more;

    private static uint[] MakeTable(uint polynomial, int bits)
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint remainder = i << (bits - 8);
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder >> (bits - 1)) != 0 ? (remainder << 1) ^ polynomial : remainder << 1;
                remainder &= (1u << bits) - 1;
            }

            table[i] = remainder;
        }

        return table;
    }

    private static uint[] MakeReflectedTable(uint polynomial)
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint remainder = i;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ polynomial : remainder >> 1;
            }

            table[i] = remainder;
        }

        return table;
    }
}
