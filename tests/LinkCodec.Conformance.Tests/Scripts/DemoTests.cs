using System.Diagnostics;
using System.Security.Cryptography;
using Xunit;

namespace LinkCodec.Conformance.Tests.Scripts;

/// <summary>What the demo needs beside the commands, which other tests run over the same link.</summary>
public sealed class DemoTests
{
    [Fact]
    public void The_help_names_the_kinds_and_other_kinds_are_wrong_usage()
    {
        Assert.Contains("--kind image", Run(0, "bash", Repository.PathOf("demo"), "--help"), StringComparison.Ordinal);
        Run(2, "bash", Repository.PathOf("demo"), "--kind", "sculpture");
    }

    [Fact]
    public void The_picture_of_the_demo_is_the_same_on_every_machine()
    {
        string path = Path.Combine(Path.GetTempPath(), $"linkcodec-{Guid.NewGuid():N}.ppm");
        try
        {
            Run(0, "python3", Repository.PathOf("samples/picture/make_picture.py"), path, "64", "48");
            Assert.Equal(
                "c1ad95e8e1b1bcfb7438e68565d2ec71297601c670931a6fdd9b3c890f25ab56",
                Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Run(int code, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(code, process.ExitCode);
        return output;
    }
}
