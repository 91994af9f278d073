using System.Text;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>Archives with repairs restore themselves; those without lose what was damaged.</summary>
public sealed class RepairedArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    private string In => Path.Combine(_folder, "in");

    private string Archive => Path.Combine(_folder, "archive.lnk");

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0.8", 0)]
    [InlineData("off", 1)]
    public async Task A_damaged_archive_with_this_code_rate(string rate, int exit)
    {
        RandomSource random = RandomSource.FromSeed(0xFA);
        StringBuilder lines = new();
        for (int i = 0; i < 4000; i++)
        {
            lines.Append(random.NextUInt64()).Append('\n');
        }

        await File.WriteAllTextAsync(In, lines.ToString());
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Archive, "--messages", "lines", "--snapshot",
            "none", "--mtu", "400", "--fec", rate);
        Assert.Equal(0, pack.Exit);
        byte[] bytes = await File.ReadAllBytesAsync(Archive);
        random.Fill(bytes.AsSpan(bytes.Length / 3, 4000)); // Ten segments in a row,
        for (int at = 1000; at < bytes.Length / 4; at += 5000)
        {
            bytes[at] ^= 0x40; // and one in ten before them.
        }

        await File.WriteAllBytesAsync(Archive, bytes);
        CommandRun unpack = await CommandRun.ToolAsync("unpack", Archive, "-o", Out);
        Assert.Equal(exit, unpack.Exit);
        Assert.Contains("is damaged", unpack.Error, StringComparison.Ordinal);
        Assert.Equal(exit == 0, lines.ToString() == await File.ReadAllTextAsync(Out));
    }

    [Fact]
    public async Task Segments_that_go_on_from_each_other_take_no_repairs()
    {
        await File.WriteAllTextAsync(In, "one\n");
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Archive, "--context", "acked", "--fec", "0.8");
        Assert.Equal(2, pack.Exit);
        Assert.Contains("--context cold", pack.Error, StringComparison.Ordinal);
    }
}
