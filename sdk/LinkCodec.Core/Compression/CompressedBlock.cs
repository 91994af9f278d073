namespace LinkCodec.Core.Compression;

/// <summary>The messages that <see cref="BlockFiller"/> compressed.</summary>
/// <param name="Count">The messages in the block; 0 where compressing gained nothing.</param>
/// <param name="ContentLength">Bytes of the messages and of the lengths between them.</param>
/// <param name="Length">Bytes of the payload.</param>
internal readonly record struct CompressedBlock(int Count, int ContentLength, int Length);
