using System.Globalization;
using Xunit;

namespace LinkCodec.Fuzz;

/// <summary>Every parser takes every input: the committed corpus, and a bounded number of mutations of it.</summary>
public sealed class FuzzTests
{
    // Another seed or count: LINKCODEC_FUZZ_SEED=7 LINKCODEC_FUZZ_RUNS=1000000 dotnet test tests/LinkCodec.Fuzz
    private static readonly ulong Seed = Setting("LINKCODEC_FUZZ_SEED", 1);
    private static readonly int Runs = (int)Setting("LINKCODEC_FUZZ_RUNS", 20_000);

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_corpus_replays(string target)
    {
        Assert.NotEmpty(Corpus.Of(target));
        FuzzRun.Replay(Find(target), Corpus.Of(target));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutations_of_the_corpus_are_taken(string target) =>
        FuzzRun.Mutate(Find(target), Inputs(target), Seed, Runs);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Targets))]
    public void Half_a_million_mutations_are_taken(string target) =>
        FuzzRun.Mutate(Find(target), Inputs(target), Seed + 1, 500_000);

    [Fact]
    public void Every_corpus_folder_has_a_target() =>
        Assert.Equal([], Corpus.Folders().Except(FuzzTarget.All.Select(target => target.Name)));

    private static FuzzTarget Find(string name) => FuzzTarget.All.Single(target => target.Name == name);

    private static byte[][] Inputs(string target) => [.. Corpus.Of(target).Select(entry => entry.Bytes)];

    private static ulong Setting(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? ulong.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;
}
