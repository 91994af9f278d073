namespace LinkCodec.ModelBuilder.Training;

/// <summary>A file of messages to learn from.</summary>
/// <param name="Name">What globs are compared with: the file's name without folders and without ".xz", such as
/// "metar.txt".</param>
/// <param name="Messages">Its messages in order, none of them empty. Not copied: they must not change.</param>
public sealed record TrainingFile(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Messages)
{
    /// <summary>Bytes of all messages.</summary>
    public long Bytes => Messages.Sum(message => (long)message.Length);
}
