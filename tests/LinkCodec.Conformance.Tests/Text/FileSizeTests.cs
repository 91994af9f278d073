using Xunit;

namespace LinkCodec.Conformance.Tests.Text;

/// <summary>Small files: the median under 130 lines, nine in ten under 350, none over 400.</summary>
public sealed class FileSizeTests
{
    // File and reason. Generated tables only.
    private static readonly Dictionary<string, string> MayBeLong = [];

    private static readonly (string File, int Lines)[] Sizes = [.. Repository
        .Files(["sdk", "tools", "sender", "receiver", "simulator", "tests", "benchmarks", "samples"], ".cs")
        .Select(file => (file, File.ReadLines(Repository.PathOf(file)).Count()))
        .OrderBy(size => size.Item2)];

    [Fact]
    public void No_file_has_more_than_400_lines() => Complaints.None(
        Sizes.Where(size => size.Lines > 400 && !MayBeLong.ContainsKey(size.File))
            .Select(size => $"{size.File} has {size.Lines} lines"));

    [Fact]
    public void Half_of_the_files_have_fewer_than_130_lines() => Assert.InRange(Sizes[Sizes.Length / 2].Lines, 1, 129);

    [Fact]
    public void Nine_in_ten_files_have_fewer_than_350_lines() =>
        Assert.InRange(Sizes[Sizes.Length * 9 / 10].Lines, 1, 349);

    [Fact]
    public void Every_exception_is_still_needed() =>
        Assert.All(MayBeLong.Keys, file => Assert.Contains(Sizes, size => size.File == file && size.Lines > 400));
}
