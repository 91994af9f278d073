using System.Diagnostics;
using System.Runtime.Versioning;
using Xunit;

namespace LinkCodec.Conformance.Tests.Scripts;

/// <summary>eng/setup.sh on machines that lack packages: apt is a stand-in.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SetupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-setup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_media_coders_are_installed_one_by_one()
    {
        Put("dpkg-query", $"grep -qx -- \"${{@: -1}}\" '{_folder}/installed' && echo 'install ok installed'");
        Put("apt-get", $"[[ $* == *' install '* ]] && echo \"${{@: -1}}\" >>'{_folder}/installed'; true");
        (int code, string output) = Run("media");
        Assert.Equal(0, code);
        Assert.Contains("libjxl-tools", output, StringComparison.Ordinal);
        Assert.DoesNotContain("going on without", output, StringComparison.Ordinal);
        Assert.Equal(["flac", "libjxl-tools", "libopenjp2-tools", "optipng", "wavpack", "webp"],
            File.ReadAllLines(Path.Combine(_folder, "installed")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Media_coders_that_cannot_be_had_are_named_and_stop_nothing()
    {
        Put("dpkg-query", "[[ $* == *flac* ]] && echo 'install ok installed'");
        Put("apt-get", "exit 100");
        (int code, string output) = Run("media");
        Assert.Equal(0, code);
        Assert.Contains("going on without: optipng webp libjxl-tools libopenjp2-tools wavpack", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_needed_and_cannot_be_installed_ends_the_setup()
    {
        Put("dpkg-query", "exit 1");
        Put("apt-get", "exit 100");
        (int code, string output) = Run("tests", "media");
        Assert.Equal(1, code);
        Assert.Contains("error: could not install: ", output, StringComparison.Ordinal);
    }

    private void Put(string command, string line)
    {
        string path = Path.Combine(_folder, command);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{line}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    // As any user: sudo is a stand-in too.
    private (int Code, string Output) Run(params string[] parts)
    {
        Put("sudo", "exec \"$@\"");
        ProcessStartInfo start = new("bash", [Path.Combine(Repository.Root, "eng/setup.sh"), .. parts])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }
}
