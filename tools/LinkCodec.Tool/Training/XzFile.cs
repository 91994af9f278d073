using System.ComponentModel;
using System.Diagnostics;

namespace LinkCodec.Tool.Training;

/// <summary>Reads .xz files through the program xz.</summary>
internal static class XzFile
{
    /// <summary>A file's content.</summary>
    /// <exception cref="IOException">The program is missing, or does not like the file.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            ProcessStartInfo start = new("xz", ["--decompress", "--stdout", "--", path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> complaint = process.StandardError.ReadToEndAsync();
            using MemoryStream content = new();
            process.StandardOutput.BaseStream.CopyTo(content);
            process.WaitForExit();
            return process.ExitCode == 0
                ? content.ToArray()
                : throw new IOException($"'{path}': {complaint.GetAwaiter().GetResult().Trim()}");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"'{path}' needs the program xz, which is not installed (Debian: apt-get install "
                + "xz-utils); or decompress it before.", e);
        }
    }
}
