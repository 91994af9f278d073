namespace LinkCodec.Core.Compression;

/// <summary>A message to be coded.</summary>
/// <param name="Number">Its number in the session, counted from 0.</param>
/// <param name="Content">Its bytes; must not change until it is coded and packed.</param>
internal readonly record struct OutgoingMessage(ulong Number, ReadOnlyMemory<byte> Content);
