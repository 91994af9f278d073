using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace LinkCodec.Transport.Files;

/// <summary>
/// Facts of files on Linux that .NET does not tell: which file a path leads to and of what kind, and names that are not
/// UTF-8.
/// </summary>
/// <remarks>
/// A byte of a name that is not UTF-8 stands in a string as a lone surrogate, U+DC00 more than the byte. Elsewhere than
/// on Linux nothing is known.
/// </remarks>
internal static class UnixFiles
{
    private const int CurrentDirectory = -100;
    private const uint TypeAndInode = 0x101;
    // O_PATH: a handle on a name, which does not wait for the other end of a pipe
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const int LongestPath = 4096;

    /// <summary>The file that a path leads to, links followed; null when there is none, or nothing is known.</summary>
    public static FileIdentity? Identify(string path)
    {
        byte[] status = new byte[256];
        try
        {
            if (!OperatingSystem.IsLinux() || Statx(CurrentDirectory, Encode(path), 0, TypeAndInode, status) != 0)
            {
                return null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library of before 2018.
        }

        ReadOnlySpan<byte> bytes = status;
        return new FileIdentity(
            (FileKind)(MemoryMarshal.Read<ushort>(bytes[28..]) & 0xF000),
            MemoryMarshal.Read<ulong>(bytes[32..]),
            MemoryMarshal.Read<ulong>(bytes[136..]));
    }

    /// <summary>The path that a symbolic link points to; null when the path is none.</summary>
    public static string? ReadLink(string path)
    {
        byte[] target = new byte[LongestPath];
        nint length = OperatingSystem.IsLinux() ? ReadLink(Encode(path), target, target.Length) : -1;
        return length < 0 ? null : Decode(target.AsSpan(0, (int)length));
    }

    /// <summary>
    /// A path by which .NET opens a file or folder that is there, whatever bytes its name has; it holds as long as this
    /// process.
    /// </summary>
    public static string? OpenPath(string path)
    {
        int descriptor = OperatingSystem.IsLinux() ? Open(Encode(path), PathOnly | CloseOnExec, 0) : -1;
        return descriptor < 0 ? null : string.Create(null, $"/proc/self/fd/{descriptor}");
    }

    /// <summary>Gives a file another name, in place of a file that has it.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Rename(string from, string to)
    {
        if (Rename(Encode(from), Encode(to)) != 0)
        {
            throw new IOException($"'{to}': {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Makes durable which files a folder has, and under which names.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There the file system keeps names in its own journal, and nobody can ask for more.
        }

        int descriptor = Open(Encode(path), CloseOnExec, 0);
        int result = descriptor < 0 ? -1 : Sync(descriptor);
        string error = Marshal.GetLastPInvokeErrorMessage();
        if (descriptor >= 0)
        {
            _ = Close(descriptor);
        }

        if (result != 0)
        {
            throw new IOException($"'{path}': {error}");
        }
    }

    /// <summary>Whether a name has bytes that are not UTF-8.</summary>
    public static bool IsRaw(string path) => !Utf8.IsValid(Encode(path));

    /// <summary>The string for a name's bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> name)
    {
        StringBuilder text = new();
        while (!name.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf8(name, out Rune rune, out int length) == OperationStatus.Done;
            if (whole)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte one in name[..length])
                {
                    text.Append((char)(0xDC00 + one));
                }
            }

            name = name[length..];
        }

        return text.ToString();
    }

    private static byte[] Encode(string name)
    {
        MemoryStream bytes = new();
        ReadOnlySpan<char> rest = name;
        Span<byte> one = stackalloc byte[4];
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == OperationStatus.Done)
            {
                bytes.Write(one[..rune.EncodeToUtf8(one)]);
            }
            else
            {
                bytes.WriteByte((byte)rest[0]);
            }

            rest = rest[length..];
        }

        bytes.WriteByte(0);
        return bytes.ToArray();
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static extern nint ReadLink(byte[] path, byte[] target, nint size);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    private static extern int Rename(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
