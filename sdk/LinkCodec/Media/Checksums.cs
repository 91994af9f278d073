namespace LinkCodec.Media;

/// <summary>The checks of PNG and zlib.</summary>
internal static class Checksums
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>CRC-32 as in PNG and ISO 3309.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>Adler-32 (RFC 1950).</summary>
    public static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        (uint a, uint b) = (1, 0);
        foreach (byte value in bytes)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            table[i] = i;
            for (int bit = 0; bit < 8; bit++)
            {
                table[i] = (table[i] >> 1) ^ ((table[i] & 1) != 0 ? 0xEDB88320 : 0);
            }
        }

        return table;
    }
}
