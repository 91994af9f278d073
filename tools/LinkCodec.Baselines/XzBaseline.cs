using System.ComponentModel;
using System.Diagnostics;

namespace LinkCodec.Baselines;

/// <summary>
/// The xz command at its highest preset, without a checksum; starts a process each time, so for whole files.
/// </summary>
internal sealed class XzBaseline : IBaselineCodec
{
    public const string RowName = "xz 9e";

    public string Name => RowName;

    public bool WholeFilesOnly => true;

    /// <summary>Says why xz cannot be used on this machine; null where it can.</summary>
    public static string? FindReason()
    {
        try
        {
            _ = Run([], "--version");
            return null;
        }
        catch (Win32Exception)
        {
            return "the command xz is not installed (Debian: apt-get install xz-utils)";
        }
    }

    public byte[] Compress(ReadOnlySpan<byte> message) =>
        Run(message.ToArray(), "--compress", "--stdout", "-9e", "--check=none", "--threads=1");

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength)
    {
        byte[] message = Run(coded.ToArray(), "--decompress", "--stdout");
        return message.Length <= maxLength ? message : throw new BaselineException("xz: the message is longer");
    }

    public void Dispose()
    {
    }

    private static byte[] Run(byte[] input, params string[] arguments)
    {
        ProcessStartInfo start = new("xz", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        // All three at once: a full pipe would stop the other end for good.
        Task writing = Task.Run(() =>
        {
            using Stream standardInput = process.StandardInput.BaseStream;
            standardInput.Write(input);
        });
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new BaselineException("xz: " + complaint.GetAwaiter().GetResult().Trim());
        }

        writing.GetAwaiter().GetResult();
        return output.ToArray();
    }
}
