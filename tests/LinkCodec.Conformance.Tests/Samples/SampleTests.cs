using System.Diagnostics;
using Xunit;

namespace LinkCodec.Conformance.Tests.Samples;

/// <summary>The sample programs run and do what they say.</summary>
public sealed class SampleTests
{
    [Fact]
    public void SendReceive_prints_the_three_messages_in_order()
    {
        string[] lines = Run("SendReceive");
        Assert.StartsWith("0: METAR KSFO", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1: {", lines[1], StringComparison.Ordinal);
        Assert.Equal("2: The pump is running again; pressure is back to normal.", lines[2]);
        Assert.StartsWith("168 bytes in 3 messages", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one\ntwo\n\nfour\n")]
    [InlineData("one\nwithout an end")]
    public void PackFile_restores_what_it_packed(string text)
    {
        string folder = Directory.CreateTempSubdirectory("packfile").FullName;
        try
        {
            string input = Path.Combine(folder, "in"), restored = Path.Combine(folder, "out");
            File.WriteAllText(input, text);
            Run("PackFile", input, Path.Combine(folder, "packed"), restored);
            Assert.Equal(text, File.ReadAllText(restored));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Run(string sample, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output.TrimEnd().Split('\n');
    }
}
