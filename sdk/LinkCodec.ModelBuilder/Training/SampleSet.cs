using LinkCodec.Core.Experts.Training;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>What was picked of a folder of messages.</summary>
/// <param name="Runs">What the experts learn from.</param>
/// <param name="Corpus">The corpus; empty where the recipe takes none.</param>
/// <param name="Files">What was taken of each file, in their order.</param>
public sealed record SampleSet(IReadOnlyList<TrainingRun> Runs, ReadOnlyMemory<byte> Corpus, IReadOnlyList<PickedFile> Files);

/// <summary>What was taken of a file.</summary>
/// <param name="Name">The file.</param>
/// <param name="Profile">Its profile's number; -1 where none fits, and nothing is taken.</param>
/// <param name="SampleBytes">Messages on their own.</param>
/// <param name="RunBytes">Messages in sequence.</param>
/// <param name="CorpusBytes">Corpus, with a newline after each piece.</param>
public readonly record struct PickedFile(string Name, int Profile, long SampleBytes, long RunBytes, long CorpusBytes);
