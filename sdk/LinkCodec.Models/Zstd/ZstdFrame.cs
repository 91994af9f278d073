namespace LinkCodec.Models.Zstd;

/// <summary>The outer form of a Zstandard frame without magic number (RFC 8878, section 3.1.1).</summary>
internal static class ZstdFrame
{
    private const int HeaderOfBlock = 3;
    private const int LargestBlock = 1 << 17;
    private const int RepeatedByte = 1;
    private const int ReservedBlock = 3;

    /// <summary>
    /// Whether bytes are one frame from the first to the last, with a window that any decoder can bear, and without
    /// what senders leave out. What the blocks hold is not looked at.
    /// </summary>
    public static bool IsWhole(ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty || (frame[0] & 0b1_1111) != 0)
        {
            return false; // reserved bits, a checksum or a dictionary's number
        }

        int sizeKind = frame[0] >> 6;
        if (sizeKind > 1)
        {
            return false; // fields of four and eight bytes: no block is so large
        }

        bool isSingleSegment = (frame[0] & 0b10_0000) != 0;
        int sizeField = sizeKind == 1 ? 2 : isSingleSegment ? 1 : 0;
        int at = 1 + sizeField + (isSingleSegment ? 0 : 1);
        if (!isSingleSegment && (frame.Length < 2 || (frame[1] >> 3) + 10 > ZstdParameters.MaxWindowLog))
        {
            return false;
        }

        while (frame.Length - at >= HeaderOfBlock)
        {
            int header = frame[at] | (frame[at + 1] << 8) | (frame[at + 2] << 16);
            int type = (header >> 1) & 3;
            int size = type == RepeatedByte ? 1 : header >> 3;
            at += HeaderOfBlock;
            if (type == ReservedBlock || header >> 3 > LargestBlock || size > frame.Length - at)
            {
                return false;
            }

            at += size;
            if ((header & 1) != 0)
            {
                return at == frame.Length;
            }
        }

        return false;
    }
}
