namespace LinkCodec.Core.Compression;

/// <summary>A message to be coded, or a piece of one.</summary>
/// <param name="Number">The message's number in the session, counted from 0.</param>
/// <param name="Content">The message's bytes, which must not change until it is coded and packed.</param>
/// <param name="Start">The first byte that is to be sent: the receiver has those before it.</param>
/// <param name="Left">Bytes at the end of the message that are not to be sent.</param>
internal readonly record struct OutgoingMessage(
    ulong Number, ReadOnlyMemory<byte> Content, int Start = 0, int Left = 0)
{
    /// <summary>The byte behind the last one that is to be sent.</summary>
    public int End => Content.Length - Left;

    /// <summary>Bytes that are to be sent.</summary>
    public int Length => End - Start;

    /// <summary>Whether all of the message is to be sent.</summary>
    public bool IsWhole => Start == 0 && Left == 0;
}
