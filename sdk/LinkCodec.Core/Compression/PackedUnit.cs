namespace LinkCodec.Core.Compression;

/// <summary>Data frames that travel together in one segment.</summary>
/// <param name="Data">The frames; owned by the caller.</param>
/// <param name="EndMessage">The number below which all messages are packed up to their last byte, in this unit or
/// before.</param>
/// <param name="CodedBytes">Bytes of entropy-coded or stored payload among <paramref name="Data"/>, without frame
/// headers.</param>
/// <param name="Frames">Number of frames.</param>
internal readonly record struct PackedUnit(ReadOnlyMemory<byte> Data, ulong EndMessage, int CodedBytes, int Frames);
