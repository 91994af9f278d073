using System.CommandLine;
using LinkCodec.Core.Endpoint;

namespace LinkCodec.CommandLine;

/// <summary>The options that say how much work is spent on segments, and how long messages wait for them.</summary>
public sealed class EffortArguments
{
    private readonly Option<string> _effort = EffortOption(
        "auto", "auto (default; as much as link, processor and receiver keep up with)");

    private readonly Option<double?> _maxDelay = new("--max-delay")
    {
        Description = "Seconds that a message may wait for others that share its segment while the link is idle; "
            + "default: 0, or a quarter of a datagram's time below 64 kbit/s.",
    };

    /// <summary>The option --effort.</summary>
    /// <param name="usual">What is meant where it is not given.</param>
    /// <param name="meaning">What that means, for people.</param>
    public static Option<string> EffortOption(string usual, string meaning) => new("--effort")
    {
        Description = $"The work that is spent on each segment: {meaning}, stored, fast (zstd with the snapshot's "
            + "dictionary; images in the fast code), primed (context mixing from trained tables; images as with fast), "
            + "flight (context mixing without networks)" + (usual == "full" ? "." : " or full."),
        DefaultValueFactory = _ => usual,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_effort);
        command.Add(_maxDelay);
    }

    /// <summary>The effort.</summary>
    /// <exception cref="UsageException">There is no such effort.</exception>
    public Effort ReadEffort(ParseResult parsed) => ReadEffort(parsed.GetValue(_effort)!);

    /// <summary>The effort of a name.</summary>
    /// <exception cref="UsageException">There is no such effort.</exception>
    public static Effort ReadEffort(string name) => name switch
    {
        "auto" => Effort.Auto,
        "stored" => Effort.Stored,
        "fast" => Effort.Fast,
        "primed" => Effort.Primed,
        "flight" => Effort.Flight,
        "full" => Effort.Full,
        _ => throw new UsageException($"--effort {name}: expected auto, stored, fast, primed, flight or full"),
    };

    /// <summary>How long messages wait; null for the default.</summary>
    /// <exception cref="UsageException">The number is below 0 or above a day.</exception>
    public TimeSpan? ReadMaxDelay(ParseResult parsed) => parsed.GetValue(_maxDelay) switch
    {
        null => null,
        >= 0 and <= 86_400 and double seconds => TimeSpan.FromSeconds(seconds),
        double seconds => throw new UsageException($"--max-delay {seconds}: expected 0 to 86400 seconds"),
    };
}
