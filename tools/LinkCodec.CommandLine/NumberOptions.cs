using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace LinkCodec.CommandLine;

/// <summary>
/// Options that are numbers, with the range that each has: what is outside is wrong usage, before anything is done.
/// </summary>
public static class NumberOptions
{
    /// <summary>Seconds that are as good as for ever: 116 days.</summary>
    public const double MostSeconds = 1e7;

    /// <summary>The option --threads.</summary>
    public static Option<int> Threads() =>
        Of("--threads", "Threads that predict at once; 0 (default) for one a processor. Changes no byte.", 0, 0, 256);

    /// <summary>The option --mtu.</summary>
    public static Option<int> Mtu() => Of("--mtu", "Bytes of the longest datagram.", 1200, 96, 65_507);

    /// <summary>The option --quantum.</summary>
    public static Option<int?> Quantum() => Optional("--quantum",
        "Bytes of the steps in which the carrier charges a datagram: full segments are cut to them. Default: the "
            + "profile's, or 1.", 1, 65_536);

    /// <summary>The option --least-billed.</summary>
    public static Option<int?> LeastBilled() => Optional("--least-billed",
        "Bytes that the carrier charges a shorter datagram as. Default: the profile's, or 0.", 0, 65_536);

    /// <summary>An option with a default.</summary>
    public static Option<T> Of<T>(string name, string description, T usual, T least, T most)
        where T : INumber<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
            CustomParser = result => TryRead(result, name, least, most, out T? value) ? value : usual,
        };

    /// <summary>An option that may be left out.</summary>
    public static Option<T?> Optional<T>(string name, string description, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            CustomParser = result => TryRead(result, name, least, most, out T value) ? value : null,
        };

    // The value that is not a number is in no range: every comparison with it is false.
    private static bool TryRead<T>(ArgumentResult result, string name, T least, T most, out T? value)
        where T : INumber<T>
    {
        string text = result.Tokens[^1].Value;
        bool holds = T.TryParse(text, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
        if (!holds)
        {
            result.AddError(
                string.Create(CultureInfo.InvariantCulture, $"{name} {text}: expected a number, {least} to {most}."));
        }

        return holds;
    }
}
