using System.Buffers.Binary;
using LinkCodec.ModelBuilder.Training;

namespace LinkCodec.Tool.Training;

/// <summary>
/// The message files below a folder: .txt and .jsonl a message a line, .rs records ended by 0x1E, .lp length-prefixed
/// records; any of them .xz too.
/// </summary>
internal static class MessageFolder
{
    private static readonly string[] Kinds = [".txt", ".jsonl", ".rs", ".lp"];

    /// <summary>Reads all files of messages, in the order of their paths. Other files are passed over.</summary>
    /// <exception cref="IOException">The folder is missing or has no messages, or a file cannot be read.</exception>
    public static IReadOnlyList<TrainingFile> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"'{folder}' is no folder: give the one that holds train/ with --data.");
        }

        List<TrainingFile> files = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path.EndsWith(".xz", StringComparison.Ordinal) ? path[..^3] : path);
            if (Kinds.Any(kind => name.EndsWith(kind, StringComparison.Ordinal)))
            {
                IReadOnlyList<ReadOnlyMemory<byte>> messages = ReadFile(path);
                if (messages.Count > 0)
                {
                    files.Add(new TrainingFile(name, messages));
                }
            }
        }

        return files.Count > 0 ? files : throw new IOException($"'{folder}' has no messages: expected .txt, .jsonl, "
            + ".rs or .lp files, plain or .xz, with messages in them.");
    }

    /// <summary>
    /// The messages of one file; a message a line where its name says nothing else. Empty ones are left out.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ReadFile(string path)
    {
        bool isPacked = path.EndsWith(".xz", StringComparison.Ordinal);
        string name = isPacked ? path[..^3] : path;
        byte[] content = isPacked ? XzFile.Read(path) : File.ReadAllBytes(path);
        return name.EndsWith(".lp", StringComparison.Ordinal)
            ? LengthPrefixed(content, path)
            : Separated(content, name.EndsWith(".rs", StringComparison.Ordinal) ? (byte)0x1E : (byte)'\n');
    }

    private static List<ReadOnlyMemory<byte>> Separated(byte[] content, byte separator)
    {
        List<ReadOnlyMemory<byte>> messages = [];
        for (int at = 0; at < content.Length;)
        {
            int length = content.AsSpan(at).IndexOf(separator);
            int end = length < 0 ? content.Length : at + length;
            if (end > at)
            {
                messages.Add(content.AsMemory(at, end - at));
            }

            at = end + 1;
        }

        return messages;
    }

    private static List<ReadOnlyMemory<byte>> LengthPrefixed(byte[] content, string path)
    {
        List<ReadOnlyMemory<byte>> messages = [];
        for (int at = 0; at < content.Length;)
        {
            uint length = content.Length - at >= 4
                ? BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at))
                : uint.MaxValue;
            if (length > content.Length - at - 4)
            {
                throw new IOException($"'{path}': the record at byte {at} is cut off: expected 4 bytes of its length, "
                    + "little-endian, and so many bytes.");
            }

            if (length > 0)
            {
                messages.Add(content.AsMemory(at + 4, (int)length));
            }

            at += 4 + (int)length;
        }

        return messages;
    }
}
