namespace LinkCodec.Core.Compression;

/// <summary>A message as it was sent.</summary>
/// <param name="Number">The message's number in the session, counted from 0.</param>
/// <param name="Content">The message's bytes; owned by the receiver of this value.</param>
public readonly record struct ReceivedMessage(ulong Number, ReadOnlyMemory<byte> Content);
