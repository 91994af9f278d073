namespace LinkCodec.Baselines;

/// <summary>
/// Consecutive messages as one row of bytes that says where each of them ends: their count, then the messages, each but
/// the last behind its length.
/// </summary>
/// <remarks>
/// Count and lengths take seven bits a byte: as LinkCodec's frame of many stored messages has it, but with lengths of
/// one byte up to 127.
/// </remarks>
internal static class MessageBlock
{
    /// <summary>The row of some of the messages.</summary>
    /// <param name="messages">All messages.</param>
    /// <param name="first">The index of the first one.</param>
    /// <param name="count">How many, at least 1.</param>
    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> messages, int first, int count)
    {
        using MemoryStream joined = new();
        using BinaryWriter writer = new(joined);
        writer.Write7BitEncodedInt(count);
        for (int i = first; i < first + count; i++)
        {
            if (i < first + count - 1)
            {
                writer.Write7BitEncodedInt(messages[i].Length);
            }

            writer.Write(messages[i].Span);
        }

        return joined.ToArray();
    }

    /// <summary>The longest row that messages can become.</summary>
    public static int MaxLength(IEnumerable<byte[]> messages)
    {
        const int mostOfNumber = 5;
        return mostOfNumber + messages.Sum(message => message.Length + mostOfNumber);
    }

    /// <summary>The inverse.</summary>
    /// <exception cref="BaselineException">The bytes are no such row.</exception>
    public static IReadOnlyList<byte[]> Split(byte[] joined)
    {
        using MemoryStream bytes = new(joined, writable: false);
        using BinaryReader reader = new(bytes);
        try
        {
            int count = reader.Read7BitEncodedInt();
            List<byte[]> messages = [];
            for (int i = 0; i < count; i++)
            {
                long left = bytes.Length - bytes.Position;
                long length = i < count - 1 ? reader.Read7BitEncodedInt() : left;
                messages.Add(length >= 0 && length <= left
                    ? reader.ReadBytes((int)length)
                    : throw new BaselineException("a block's messages reach beyond its end"));
            }

            return messages.Count > 0 ? messages : throw new BaselineException("a block holds no message");
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new BaselineException("a block's lengths cannot be read: " + e.Message);
        }
    }
}
