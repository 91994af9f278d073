namespace LinkCodec.ModelBuilder.Preambles;

/// <summary>Sample messages of one kind, from which a preamble is made.</summary>
/// <param name="Profile">
/// The name of a profile of the snapshot's context mixing, whose messages start after the preamble; null for the one
/// that most of the messages are coded under. Kinds of one profile share a preamble.
/// </param>
/// <param name="Messages">Eight or more, oldest first. The last fifth is not put into a preamble: it tells which is
/// best.</param>
public sealed record PreambleSample(string? Profile, IReadOnlyList<ReadOnlyMemory<byte>> Messages)
{
    /// <summary>Messages that a kind has at least.</summary>
    public const int MinMessages = 8;
}
