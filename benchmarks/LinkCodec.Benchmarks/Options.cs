using System.Globalization;

namespace LinkCodec.Benchmarks;

/// <summary>Options of the commands: "--name value", anywhere before "--".</summary>
internal static class Options
{
    public static string? Text(string[] arguments, string name)
    {
        int at = Array.IndexOf(arguments, name);
        return at < 0 ? null : at + 1 < arguments.Length ? arguments[at + 1] : throw new ArgumentException($"{name} needs a value");
    }

    public static int Number(string[] arguments, string name, int otherwise) =>
        Text(arguments, name) is not { } text ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out int value) && value >= 0 ? value
        : throw new ArgumentException($"{name}: '{text}' is not a number of 0 or more");
}
