using System.Globalization;
using LinkCodec.Transport.Files;

namespace LinkCodec.Receiver;

/// <summary>
/// A folder that gets a file a message. What it holds is never overwritten: a session's numbers go on after those that
/// are there.
/// </summary>
internal sealed class MessageFolder
{
    private const string Prefix = "message-";
    private const string PartialSuffix = ".partial";

    private readonly string _folder;

    private ulong _next;

    private MessageFolder(string folder, ulong first) => (_folder, First, _next) = (folder, first, first);

    /// <summary>The number of the file that the session's first message becomes.</summary>
    public ulong First { get; private set; }

    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    public static MessageFolder Open(string folder)
    {
        Directory.CreateDirectory(folder);
        ulong next = 0;
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, Prefix + "*"))
        {
            string name = Path.GetFileName(path);
            bool isPartial = name.EndsWith(PartialSuffix, StringComparison.Ordinal);
            string number = isPartial ? name[Prefix.Length..^PartialSuffix.Length] : name[Prefix.Length..];
            if (ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong one) && one >= next)
            {
                next = checked(one + 1);
            }
        }

        return new MessageFolder(folder, next);
    }

    /// <summary>Opens a folder whose messages from a number on are to be written anew.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static MessageFolder OpenAt(string folder, ulong next)
    {
        Directory.CreateDirectory(folder);
        return new MessageFolder(folder, next);
    }

    /// <summary>The number that the next message gets.</summary>
    public ulong Next => _next;

    public static string NameOf(ulong number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D8}");

    /// <summary>Writes a message whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written, or another program has just written one of its
    /// number.</exception>
    public void Write(ulong number, ReadOnlySpan<byte> content) => Write(number, NameOf(First + number), content);

    /// <summary>
    /// Writes the next message, in place of one that a process left there which was killed. It is durable once
    /// <see cref="Sync"/> has returned.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteNext(ReadOnlySpan<byte> content)
    {
        string name = NameOf(_next);
        string draft = Path.Combine(_folder, $".{name}.part");
        using (FileStream file = new(draft, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Path.Combine(_folder, name), overwrite: true);
        _next++;
    }

    /// <summary>Makes durable which messages are there: they are not written anew.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public void Sync()
    {
        UnixFiles.SyncFolder(_folder);
        First = _next;
    }

    /// <summary>Goes back to where the last <see cref="Sync"/> was.</summary>
    public void SetBack() => _next = First;

    /// <summary>Writes what came of a message, under a name that no whole message has.</summary>
    /// <returns>The name.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public string WritePartial(ulong number, ReadOnlySpan<byte> content)
    {
        string name = NameOf(First + number) + PartialSuffix;
        Write(number, name, content);
        return name;
    }

    /// <summary>Begins the messages of another session: its first one gets the next number.</summary>
    public void BeginSession() => First = _next;

    private void Write(ulong number, string name, ReadOnlySpan<byte> content)
    {
        using OutputFile file = OutputFile.CreateNew(Path.Combine(_folder, name));
        file.Stream.Write(content);
        file.Commit();
        _next = Math.Max(_next, First + number + 1);
    }
}
