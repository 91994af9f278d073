using System.Text.RegularExpressions;
using Xunit;

namespace LinkCodec.Conformance.Tests.Text;

public sealed class BannedWordTests
{
    private const string ThisFile = "tests/LinkCodec.Conformance.Tests/Text/BannedWordTests.cs";
    private const string MachinePath = @"(?<![\w.~}/-])/(work|home|root|Users)/|\b[A-Z]:\\Users\\";
    private const string Unfinished = @"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedException";

    private static readonly string[] Everything =
        ["sdk", "tools", "sender", "receiver", "simulator", "tests", "benchmarks", "samples", "models", "eng",
            "protocol-spec"];

    [Fact]
    public void No_path_of_a_machine_is_written_down() => Complaints.None(Hits(MachinePath,
        [.. Repository.Files(Everything, ".cs", ".md", ".sh", ".py", ".csproj", ".props", ".targets", ".txt", ".json"),
            .. TopLevel()]));

    [Fact]
    public void Nothing_that_ships_is_marked_unfinished() => Complaints.None(
        Hits(Unfinished, Repository.Files(["sdk", "tools", "sender", "receiver", "simulator"], ".cs")));

    [Theory]
    [InlineData("see /home/ann/x", true)]
    [InlineData("\"/work/main\"", true)]
    [InlineData("protocol-spec/work/x and https://example.org/home/", false)]
    public void A_machine_path_is_told_from_others(string text, bool hit) =>
        Assert.Equal(hit, Regex.IsMatch(text, MachinePath));

    private static IEnumerable<string> TopLevel() => Directory.EnumerateFiles(Repository.Root)
        .Where(path => Path.GetExtension(path) is ".md" or ".props" or ".targets" or ".sln" or "")
        .Select(path => Path.GetFileName(path)!)
        .Where(name => name != ".git");

    private static IEnumerable<string> Hits(string pattern, IEnumerable<string> files) =>
        from file in files
        where file != ThisFile && !file.StartsWith("samples/messages/", StringComparison.Ordinal)
        from line in File.ReadLines(Repository.PathOf(file)).Select((text, index) => (text, number: index + 1))
        where Regex.IsMatch(line.text, pattern)
        select $"{file}:{line.number}: {line.text.Trim()}";
}
