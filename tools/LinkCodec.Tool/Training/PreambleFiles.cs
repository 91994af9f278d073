using LinkCodec.CommandLine;
using LinkCodec.ModelBuilder.Preambles;

namespace LinkCodec.Tool.Training;

/// <summary>Sample messages for preambles, as the commands name them: <c>[PROFILE=]FILE</c>.</summary>
internal static class PreambleFiles
{
    public const string Description =
        "[PROFILE=]FILE: sample messages, oldest first, one a line (.rs: ended by 0x1E, .lp: length-prefixed; "
            + ".xz too). " + "Without PROFILE: the one that most of the messages are coded under. Files of one profile "
            + "share a preamble.";

    /// <summary>Reads the files.</summary>
    /// <exception cref="UsageException">A file has too few messages.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<PreambleSample> Read(IEnumerable<string> given) => [.. given.Select(Read)];

    private static PreambleSample Read(string one)
    {
        int at = File.Exists(one) ? -1 : one.IndexOf('=', StringComparison.Ordinal);
        if (at == 0)
        {
            throw new UsageException($"expected [PROFILE=]FILE, got '{one}'");
        }

        string path = one[(at + 1)..];
        IReadOnlyList<ReadOnlyMemory<byte>> messages = MessageFolder.ReadFile(path);
        return messages.Count >= PreambleSample.MinMessages
            ? new PreambleSample(at < 0 ? null : one[..at], messages)
            : throw new UsageException($"'{path}' has {messages.Count} messages: a preamble is made from "
                + $"{PreambleSample.MinMessages} or more");
    }
}
