namespace LinkCodec.Tests.Coding;

/// <summary>What a frame holds of one message.</summary>
/// <param name="Number">The message's number.</param>
/// <param name="Offset">Where in the message it begins.</param>
/// <param name="IsLast">Whether the message ends with it.</param>
/// <param name="Content">Its bytes, in hex.</param>
internal sealed record MessagePart(ulong Number, ulong Offset, bool IsLast, string Content);
