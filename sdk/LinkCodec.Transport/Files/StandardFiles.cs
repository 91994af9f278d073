using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace LinkCodec.Transport.Files;

/// <summary>
/// Standard input and output as ends of a link, under the name <c>-</c> and under those of the system.
/// </summary>
internal static class StandardFiles
{
    private const int CloseOnExec = 0x80000;
    private const int AccessMode = 3;
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;

    public static bool IsInput(string path) => path is "-" or "/dev/stdin";

    public static bool IsOutput(string path) => path is "-" or "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1";

    /// <exception cref="IOException">Standard input is closed.</exception>
    public static Stream OpenInput() =>
        IsOpen(0)
            ? Console.OpenStandardInput()
            : throw new IOException("Standard input is closed: give a file, or a pipe.");

    /// <summary>
    /// Opens standard output for bytes. A pipe whose reader has gone is an <see cref="IOException"/>, where the
    /// console's own stream would say nothing and go on.
    /// </summary>
    /// <exception cref="IOException">Standard output is closed.</exception>
    public static Stream OpenOutput()
    {
        if (!IsOpen(1))
        {
            throw new IOException("Standard output is closed.");
        }

        if (!Console.IsOutputRedirected)
        {
            return new TerminalStream(Console.OpenStandardOutput());
        }

        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        // Standard output that is a file is not opened anew: a stream of its own would not move the position that this
        // process shares with those after it.
        FileStream stream = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    /// <summary>
    /// Whether a descriptor was open when this process began. Closed ones are taken by what the runtime opens first:
    /// its files close when another program is executed, and no descriptor that came from outside does. A shell may
    /// have left its script there: that is the wrong way round.
    /// </summary>
    public static bool IsOpen(int descriptor)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/proc/self/fdinfo"))
        {
            return true;
        }

        try
        {
            string[] lines = File.ReadAllLines(
                string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}"));
            string flags = lines.First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            long bits = Convert.ToInt64(flags["flags:".Length..].Trim(), 8);
            return (bits & CloseOnExec) == 0 && (bits & AccessMode) != (descriptor == 0 ? WriteOnly : ReadOnly);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
