using Xunit;

namespace LinkCodec.Fuzz;

/// <summary>The harness itself finds faults, and says how to see them again.</summary>
public sealed class HarnessTests
{
    private static readonly byte[][] Seeds = [[0x10, 0x20, 0x30, 0x40], [], [0x55]];

    // A parser that trusts a length.
    private static readonly FuzzTarget Faulty = new("Faulty", input =>
    {
        if (input.Length > 1)
        {
            _ = input[1] == 0xFF ? input[input[1]] : input[0];
        }
    });

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        Mutator first = new(Seeds, 9), second = new(Seeds, 9);
        Assert.All(Enumerable.Range(0, 500), _ => Assert.Equal(first.Next(), second.Next()));
    }

    [Fact]
    public void Inputs_are_many_and_of_many_lengths()
    {
        Mutator mutator = new(Seeds, 3);
        string[] inputs = [.. Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(mutator.Next()))];
        Assert.InRange(inputs.Distinct().Count(), 500, 1000);
        Assert.Contains("", inputs);
        Assert.Contains(inputs, input => input.Length > 32);
    }

    [Fact]
    public void A_fault_is_found_and_its_input_printed()
    {
        FuzzFinding finding = Assert.Throws<FuzzFinding>(() => FuzzRun.Mutate(Faulty, Seeds, 1, 20_000));
        Assert.Contains("of seed 1", finding.Message, StringComparison.Ordinal);
        string hex = finding.Message.Split("bytes): ")[1].Split('\n')[0];
        FuzzFinding again =
            Assert.Throws<FuzzFinding>(() => FuzzRun.Replay(Faulty, [("kept", Convert.FromHexString(hex))]));
        Assert.Contains("corpus file kept", again.Message, StringComparison.Ordinal);
    }
}
