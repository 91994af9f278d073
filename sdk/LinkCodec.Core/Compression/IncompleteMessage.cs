namespace LinkCodec.Core.Compression;

/// <summary>What came of a message of samples that was given up.</summary>
/// <param name="Number">The message's number in the session.</param>
/// <param name="Parts">Pieces of its content, each whole and checked, with their places, in order.</param>
internal readonly record struct IncompleteMessage(ulong Number,
    IReadOnlyList<(int Offset, ReadOnlyMemory<byte> Content)> Parts)
{
    /// <summary>Bytes of all pieces.</summary>
    public long Length => Parts.Sum(part => (long)part.Content.Length);
}
