using System.ComponentModel;
using System.Diagnostics;

namespace LinkCodec.Baselines;

/// <summary>
/// The zpaq command at its highest method: slow context mixing. Starts a process each time and works on files, so for
/// whole files.
/// </summary>
/// <remarks>
/// The archives say name, date and checksums of what they hold: about 1,000 bytes, which are counted. A temporary
/// folder is made for each call.
/// </remarks>
internal sealed class ZpaqBaseline : IBaselineCodec
{
    private const string Archive = "a.zpaq";
    private const string Content = "content";

    public string Name => "zpaq m5";

    public bool WholeFilesOnly => true;

    /// <summary>Says why zpaq cannot be used on this machine; null where it can.</summary>
    public static string? FindReason()
    {
        try
        {
            // Without arguments it prints its help and ends with some code.
            using Process process = Start(Path.GetTempPath());
            process.StandardOutput.BaseStream.CopyTo(Stream.Null);
            process.WaitForExit();
            return null;
        }
        catch (Win32Exception)
        {
            return "the command zpaq is not installed (Debian: apt-get install zpaq)";
        }
    }

    public byte[] Compress(ReadOnlySpan<byte> message)
    {
        string folder = Directory.CreateTempSubdirectory("linkcodec-zpaq-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, Content), message);
            Run(folder, "add", Archive, Content, "-method", "5", "-threads", "1");
            return File.ReadAllBytes(Path.Combine(folder, Archive));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength)
    {
        string folder = Directory.CreateTempSubdirectory("linkcodec-zpaq-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, Archive), coded);
            Run(folder, "extract", Archive, Content, "-threads", "1");
            byte[] message = File.ReadAllBytes(Path.Combine(folder, Content));
            return message.Length <= maxLength
                ? message
                : throw new BaselineException("zpaq: the message is longer");
        }
        catch (FileNotFoundException e)
        {
            throw new BaselineException("zpaq: " + e.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose()
    {
    }

    private static void Run(string folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new BaselineException("zpaq: " + complaint.GetAwaiter().GetResult().Trim());
        }
    }

    private static Process Start(string folder, params string[] arguments) => Process.Start(
        new ProcessStartInfo("zpaq", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
