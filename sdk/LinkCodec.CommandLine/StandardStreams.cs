using Microsoft.Win32.SafeHandles;

namespace LinkCodec.CommandLine;

/// <summary>Standard output for bytes.</summary>
public static class StandardStreams
{
    /// <summary>Opens it. A pipe whose reader has gone is an <see cref="IOException"/>, where the console's own stream would say nothing and go on.</summary>
    public static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        // Not for files: a stream of its own would not move the position that this process shares with those after it.
        FileStream stream = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }
}
