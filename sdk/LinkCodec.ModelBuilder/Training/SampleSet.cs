
namespace LinkCodec.ModelBuilder.Training;

/// <summary>The samples that were picked of a folder of messages.</summary>
/// <param name="Runs">The messages that context mixing learns from.</param>
/// <param name="Dictionary">The dictionary; empty where the recipe takes none.</param>
/// <param name="Files">The amounts that were taken of each file, in their order.</param>
internal sealed record SampleSet(IReadOnlyList<TrainingRun> Runs, ReadOnlyMemory<byte> Dictionary,
    IReadOnlyList<PickedFile> Files);

/// <summary>The amounts that were taken of a file.</summary>
/// <param name="Name">The file.</param>
/// <param name="Profile">The number of the file's profile; -1 where none fits, and nothing is taken.</param>
/// <param name="SampleBytes">Messages on their own.</param>
/// <param name="RunBytes">Messages in sequence.</param>
/// <param name="DictionaryBytes">Dictionary, with a newline after each piece.</param>
public readonly record struct PickedFile(string Name, int Profile, long SampleBytes, long RunBytes,
    long DictionaryBytes);
