using System.CommandLine;
using System.Numerics;

namespace LinkCodec.CommandLine;

/// <summary>Options that are numbers, with the range that each has: what is outside is wrong usage, before anything is done.</summary>
public static class NumberOptions
{
    /// <summary>Seconds that are as good as for ever: 116 days.</summary>
    public const double MostSeconds = 1e7;

    /// <summary>The option --threads.</summary>
    public static Option<int> Threads() => Of("--threads", "Threads that predict at once; 0 (default) for one a processor. Changes no byte.", 0, 0, 256);

    /// <summary>The option --mtu.</summary>
    public static Option<int> Mtu() => Of("--mtu", "Bytes of the longest datagram.", 1200, 96, 65_507);

    /// <summary>An option with a default.</summary>
    public static Option<T> Of<T>(string name, string description, T usual, T least, T most)
        where T : INumber<T>
    {
        Option<T> option = new(name) { Description = description, DefaultValueFactory = _ => usual };
        return In(option, least, most);
    }

    /// <summary>An option that may be left out.</summary>
    public static Option<T?> Optional<T>(string name, string description, T least, T most)
        where T : struct, INumber<T>
    {
        Option<T?> option = new(name) { Description = description };
        option.Validators.Add(result => Require(result.GetValueOrDefault<T?>() is not { } value || (value >= least && value <= most), result, name, least, most));
        return option;
    }

    private static Option<T> In<T>(Option<T> option, T least, T most)
        where T : INumber<T>
    {
        // Not a number is in no range: every comparison with it is false.
        option.Validators.Add(result => Require(result.GetValueOrDefault<T>() is { } value && value >= least && value <= most, result, option.Name, least, most));
        return option;
    }

    private static void Require<T>(bool holds, System.CommandLine.Parsing.OptionResult result, string name, T least, T most)
    {
        if (!holds)
        {
            result.AddError(FormattableString.Invariant($"{name} is {least} to {most}."));
        }
    }
}
