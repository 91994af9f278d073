namespace LinkCodec.ModelBuilder.Training;

/// <summary>A file of messages to learn from.</summary>
/// <param name="Name">The name that globs are compared with: the file's name without folders and without ".xz", such as
/// "metar.txt".</param>
/// <param name="Messages">The file's messages in order, none of them empty. They are not copied and must not
/// change.</param>
public sealed record TrainingFile(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Messages)
{
    /// <summary>Bytes of all messages.</summary>
    public long Bytes => Messages.Sum(message => (long)message.Length);
}
