using System.ComponentModel;
using System.Diagnostics;

namespace LinkCodec.Baselines;

/// <summary>
/// A coder of images or sounds that is a command: it makes its file of a PNG or a WAV, and a PNG or a WAV of that.
/// Starts processes, each in a temporary folder of its own.
/// </summary>
/// <param name="Name">The name in tables, with its setting.</param>
/// <param name="IsSound">Whether it takes WAV; else PNG.</param>
/// <param name="Package">The package of Debian that has the commands; null where there is none.</param>
/// <param name="Coded">The name of the file that it makes.</param>
/// <param name="Encode">The command line from <c>in.png</c> or <c>in.wav</c>. <c>{levels}</c> stands for the levels of
/// a wavelet that the image has room for.</param>
/// <param name="Decode">The command line to <c>out.png</c> or <c>out.wav</c>; empty where the coded file is a PNG
/// itself. <c>{pcm}</c> stands for the name that ffmpeg has for samples of this depth.</param>
/// <param name="Refuses">Why it takes no samples of so many planes or channels and bits; null where it does.</param>
internal sealed record MediaPeer(string Name, bool IsSound, string? Package, string Coded, string Encode,
    string Decode, Func<int, int, string?> Refuses)
{
    private const int MostLevels = 6;

    private string Extension => IsSound ? ".wav" : ".png";

    private IEnumerable<string> Programs =>
        new[] { Encode, Decode }.Where(line => line.Length > 0).Select(line => line.Split(' ')[0]).Distinct();

    /// <summary>Says which of the commands is not installed; null where all are.</summary>
    public string? FindReason()
    {
        string? missing = Programs.FirstOrDefault(program => !IsInstalled(program));
        return missing is null ? null : $"the command {missing} is not installed "
            + (Package is null ? "(Debian does not ship it)" : $"(Debian: apt-get install {Package})");
    }

    /// <summary>The coded file.</summary>
    /// <param name="file">A PNG or a WAV.</param>
    /// <param name="shortSide">The shorter side of the image, in samples.</param>
    /// <exception cref="BaselineException">The command failed.</exception>
    public byte[] Compress(byte[] file, int shortSide)
    {
        int levels = Math.Clamp(int.Log2(Math.Max(1, shortSide)) + 1, 1, MostLevels);
        return Run(Encode.Replace("{levels}", $"{levels}", StringComparison.Ordinal), "in" + Extension, file, Coded);
    }

    /// <summary>The PNG or WAV that a coded file holds.</summary>
    /// <param name="coded">The coded file.</param>
    /// <param name="bits">Bits a sample.</param>
    /// <exception cref="BaselineException">The command failed.</exception>
    public byte[] Decompress(byte[] coded, int bits)
    {
        string pcm = bits switch { 8 => "pcm_u8", 16 => "pcm_s16le", _ => "pcm_s24le" };
        return Decode.Length == 0
            ? coded
            : Run(Decode.Replace("{pcm}", pcm, StringComparison.Ordinal), Coded, coded, "out" + Extension);
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private byte[] Run(string line, string inputName, byte[] input, string outputName)
    {
        string folder = Directory.CreateTempSubdirectory("linkcodec-peer-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, inputName), input);
            string[] words = line.Split(' ');
            using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            Task<string> complaint = process.StandardError.ReadToEndAsync();
            process.StandardOutput.BaseStream.CopyTo(Stream.Null);
            process.WaitForExit();
            string output = Path.Combine(folder, outputName);
            return process.ExitCode == 0 && File.Exists(output)
                ? File.ReadAllBytes(output)
                : throw new BaselineException($"{words[0]} failed: "
                    + complaint.GetAwaiter().GetResult().Trim().Split('\n')[^1]);
        }
        catch (Win32Exception e)
        {
            throw new BaselineException($"{Name}: {e.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
