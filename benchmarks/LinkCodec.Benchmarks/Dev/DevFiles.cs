using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>The development data: where it lies, its files, their messages.</summary>
internal static class DevFiles
{
    /// <summary>The folder's groups whose files hold messages, in the order of the table.</summary>
    public static readonly string[] Groups = ["text", "weather", "telemetry"];

    private const string SharedVariable = "LINKCODEC_SHARED";

    /// <summary>
    /// The folder with <c>dev</c> and <c>train</c>: the given one, the variable's, or <c>shared/data</c> beside a
    /// folder around this one.
    /// </summary>
    public static string? Find(string? given)
    {
        if (given is not null)
        {
            return HasDev(given) ? given : null;
        }

        if (Environment.GetEnvironmentVariable(SharedVariable) is { Length: > 0 } shared)
        {
            return HasDev(Path.Combine(shared, "data")) ? Path.Combine(shared, "data") : null;
        }

        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string place = Path.Combine(folder.FullName, "shared", "data");
            if (HasDev(place))
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>Paths below <c>dev</c> and <c>train</c>, as "text/name.txt.xz", sorted.</summary>
    public static IEnumerable<string> List(string data) => Groups
        .Where(group => Directory.Exists(Path.Combine(data, "dev", group)))
        .SelectMany(group => Directory.EnumerateFiles(Path.Combine(data, "dev", group), "*.xz")
            .Order(StringComparer.Ordinal)
            .Select(path => $"{group}/{Path.GetFileName(path)}"));

    /// <summary>
    /// Messages of a file that is compressed with xz, cut at <paramref name="cut"/> bytes (0: whole), empty ones left
    /// out.
    /// </summary>
    public static List<byte[]> Read(string path, int cut) => Load(path, cut).Pieces;

    /// <summary>Messages with the file around them.</summary>
    public static DevContent Load(string path, int cut)
    {
        byte[] content = Decompress(path);
        string name = Path.GetFileNameWithoutExtension(path);
        List<byte[]> pieces = [];
        List<int> ends = [];
        foreach ((Range place, int messageEnd) in name.EndsWith(".lp", StringComparison.Ordinal)
            ? LengthPrefixed(content)
            : Separated(content, name.EndsWith(".rs", StringComparison.Ordinal) ? (byte)0x1E : (byte)'\n'))
        {
            (int start, int length) = place.GetOffsetAndLength(content.Length);
            int step = cut == 0 ? Math.Max(1, length) : cut;
            for (int at = 0; at < length; at += step)
            {
                int end = Math.Min(at + step, length);
                pieces.Add(content[(start + at)..(start + end)]);
                ends.Add(end == length ? messageEnd : start + end);
            }
        }

        return new DevContent(content, pieces, ends);
    }

    private static bool HasDev(string data) => Directory.Exists(Path.Combine(data, "dev"));

    private static byte[] Decompress(string path)
    {
        string temporary = Path.GetTempFileName();
        try
        {
            using Process xz = Process.Start(
                new ProcessStartInfo("sh", ["-c", "xz -dc -- \"$1\" > \"$2\"", "sh", path, temporary]))!;
            xz.WaitForExit();
            return xz.ExitCode == 0
                ? File.ReadAllBytes(temporary)
                : throw new IOException($"xz -dc {path} ended with {xz.ExitCode}");
        }
        catch (Win32Exception e)
        {
            throw new IOException("no shell to run xz with: " + e.Message);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static IEnumerable<(Range Place, int End)> LengthPrefixed(byte[] content)
    {
        for (int at = 0; at + 4 <= content.Length;)
        {
            int end = at + 4 + (int)BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at));
            yield return ((at + 4)..end, end);
            at = end;
        }
    }

    private static IEnumerable<(Range Place, int End)> Separated(byte[] content, byte separator)
    {
        for (int at = 0; at < content.Length;)
        {
            int length = content.AsSpan(at).IndexOf(separator);
            int end = length < 0 ? content.Length : at + length;
            if (end > at)
            {
                yield return (at..end, Math.Min(end + 1, content.Length));
            }

            at = end + 1;
        }
    }
}
