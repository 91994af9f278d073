using System.Text;
using LinkCodec.Transport.Files;

namespace LinkCodec.CommandLine;

/// <summary>
/// Arguments with bytes that are not UTF-8, which .NET replaces: names of files that it could not open then.
/// </summary>
internal static class RawArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The arguments, with what opens the file in place of such a name; the name's bytes where there is no such file
    /// yet.
    /// </summary>
    public static string[] Restore(string[] args)
    {
        if (!OperatingSystem.IsLinux() || !args.Any(arg => arg.Contains(Replacement, StringComparison.Ordinal)))
        {
            return args;
        }

        byte[] line = File.ReadAllBytes("/proc/self/cmdline").AsSpan().TrimEnd((byte)0).ToArray();
        List<byte[]> given = [];
        foreach (Range part in line.AsSpan().Split((byte)0))
        {
            given.Add(line[part]);
        }

        IEnumerable<byte[]> last = given.TakeLast(args.Length);
        return given.Count < args.Length ? args : [.. args.Zip(last,
            (arg, raw) => Encoding.UTF8.GetString(raw) == arg ? Restore(UnixFiles.Decode(raw)) : arg)];
    }

    private static string Restore(string argument)
    {
        if (!UnixFiles.IsRaw(argument))
        {
            return argument;
        }

        int path = argument.StartsWith("--", StringComparison.Ordinal)
            ? argument.IndexOf('=', StringComparison.Ordinal) + 1
            : 0;
        path += argument.AsSpan(path).StartsWith("file:", StringComparison.Ordinal) ? "file:".Length : 0;
        return argument[..path] + (UnixFiles.OpenPath(argument[path..]) ?? argument[path..]);
    }
}
