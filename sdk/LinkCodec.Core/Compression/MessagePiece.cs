namespace LinkCodec.Core.Compression;

/// <summary>A stretch of a message that is coded at one go.</summary>
/// <param name="Message">The message.</param>
/// <param name="Start">The stretch's first byte.</param>
/// <param name="End">The byte behind its last one.</param>
internal readonly record struct MessagePiece(OutgoingMessage Message, int Start, int End)
{
    /// <summary>Bytes of the stretch.</summary>
    public int Length => End - Start;

    /// <summary>Whether the stretch is the whole message.</summary>
    public bool IsWhole => Start == 0 && End == Message.Content.Length;
}
