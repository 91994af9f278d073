using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
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

    [Fact]
    public void SendImage_gets_its_image_through_in_fewer_bytes()
    {
        string[] lines = Run("SendImage");
        Match sent = Regex.Match(lines[0], @"^(\d+) bytes of a file; coded as (\d+) bytes; .*; identical$");
        Assert.True(sent.Success, lines[0]);
        int coded = int.Parse(sent.Groups[2].Value, CultureInfo.InvariantCulture);
        Assert.InRange(2 * coded, 1, int.Parse(sent.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(2, lines.Length);
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
