using System.Security.Cryptography;
using System.Text;
using LinkCodec.Simulator.Runs;

namespace LinkCodec.Simulator.Report;

/// <summary>The means of one codec over every seed of a comparison.</summary>
internal sealed record CodecSummary
{
    public required string Codec { get; init; }

    public required IReadOnlyList<RunResult> Runs { get; init; }

    /// <summary>The mean rate over the mean rate of raw; null when raw delivered nothing.</summary>
    public required double? GainOverRaw { get; init; }

    public double Mean(Func<RunResult, double> figure) => Runs.Average(figure);

    /// <summary>The mean over the runs that have the figure; null when none has.</summary>
    public double? Mean(Func<RunResult, double?> figure) => Runs.Average(figure);

    /// <summary>
    /// The run's trace, or the hash of all traces' digits one after the other when there are several runs.
    /// </summary>
    public string TraceSha256 => Runs.Count == 1
        ? Runs[0].TraceSha256
        : Convert.ToHexStringLower(
            SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(Runs.Select(run => run.TraceSha256)))));
}

/// <summary>Every codec with every seed.</summary>
/// <param name="Input">The messages and the link that they were sent over.</param>
/// <param name="FirstSeed">The first seed.</param>
/// <param name="Seeds">The number of seeds.</param>
/// <param name="Codecs">The codecs, in the order of the tables.</param>
/// <param name="Raw">The runs without compression, one a seed; they need not be among the codecs.</param>
internal sealed record Comparison(RunInput Input, ulong FirstSeed, int Seeds, IReadOnlyList<CodecSummary> Codecs,
    IReadOnlyList<RunResult> Raw)
{
    /// <summary>Puts results together.</summary>
    /// <param name="input">The messages and the link that they were sent over.</param>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="runs">The runs of each codec, one a seed.</param>
    /// <param name="raw">The runs without compression, which need not be among <paramref name="runs"/>.</param>
    public static Comparison Of(RunInput input, ulong firstSeed, IReadOnlyList<IReadOnlyList<RunResult>> runs,
        IReadOnlyList<RunResult> raw)
    {
        double rawRate = raw.Average(run => run.EffectiveBps);
        return new Comparison(input, firstSeed, raw.Count, [.. runs.Select(codec => new CodecSummary
        {
            Codec = codec[0].Codec,
            Runs = codec,
            GainOverRaw = rawRate > 0 ? codec.Average(run => run.EffectiveBps) / rawRate : null,
        })], raw);
    }

    /// <summary>
    /// The gain of one run over the run without compression of the same seed; null when that delivered nothing.
    /// </summary>
    public double? GainOf(RunResult run)
    {
        double raw = Raw.First(r => r.Seed == run.Seed).EffectiveBps;
        return raw > 0 ? run.EffectiveBps / raw : null;
    }
}
