namespace LinkCodec.Core.Compression;

/// <summary>A message to be coded.</summary>
/// <param name="Number">The message's number in the session, counted from 0.</param>
/// <param name="Content">The message's bytes, which must not change until it is coded and packed.</param>
internal readonly record struct OutgoingMessage(ulong Number, ReadOnlyMemory<byte> Content);
