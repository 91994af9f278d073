namespace LinkCodec.Baselines;

/// <summary>A baseline: another compressor, to compare with. Not thread-safe.</summary>
internal interface IBaselineCodec : IDisposable
{
    /// <summary>The codec's name in tables, with its setting: "zstd 19".</summary>
    string Name { get; }

    /// <summary>
    /// Whether the codec only makes sense on a whole file: too slow, or too large a container, for single messages.
    /// </summary>
    bool WholeFilesOnly { get; }

    /// <summary>
    /// The smallest form that the baseline has, without what a message's framing says anyway (magic number, length,
    /// checksum).
    /// </summary>
    byte[] Compress(ReadOnlySpan<byte> message);

    /// <summary>The inverse, where nobody tells the message's length.</summary>
    /// <param name="coded">The bytes that <see cref="Compress"/> gave.</param>
    /// <param name="maxLength">The longest message that is taken, in bytes.</param>
    /// <exception cref="BaselineException">The coded bytes are no message, or a longer one.</exception>
    byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength);

    /// <summary>The inverse, where the length is known.</summary>
    /// <param name="coded">The bytes that <see cref="Compress"/> gave.</param>
    /// <param name="length">The message's length in bytes; a baseline is told it, as framing would.</param>
    /// <exception cref="BaselineException">The coded bytes are not a message of that length.</exception>
    byte[] Decompress(ReadOnlySpan<byte> coded, int length)
    {
        byte[] message = DecompressUpTo(coded, length);
        return message.Length == length
            ? message
            : throw new BaselineException($"{Name}: not a message of this length");
    }
}
