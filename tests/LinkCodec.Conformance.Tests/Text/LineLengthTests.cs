using Xunit;

namespace LinkCodec.Conformance.Tests.Text;

/// <summary>Lines of code, scripts and prose end at column 120, save for the kinds that cannot be broken.</summary>
public sealed class LineLengthTests
{
    private static readonly string[] Folders =
        ["sdk", "sender", "receiver", "simulator", "tests", "benchmarks", "samples", "models", "protocol-spec", "eng"];

    private static readonly string[] Scripts = ["build", "check", "demo", ".ci/run"];

    [Fact]
    public void Lines_of_code_end_at_column_120() =>
        Complaints.None(Repository.Files(Folders, ".cs").SelectMany(file => TooLong(file, LongLines.OfCode)));

    [Fact]
    public void Lines_of_prose_end_at_column_120() => Complaints.None(Repository.Files(Folders, ".md")
        .Concat(Directory.EnumerateFiles(Repository.Root, "*.md").Select(path => Path.GetFileName(path)!))
        .SelectMany(file => TooLong(file, LongLines.OfProse)));

    [Fact]
    public void Lines_of_scripts_end_at_column_120() =>
        Complaints.None(Repository.Files(Folders, ".sh").Concat(Scripts)
            .SelectMany(file => TooLong(file, LongLines.OfScript)));

    [Theory]
    [InlineData("int LONG = 1;", 1)]
    [InlineData("// a LONG comment", 1)]
    [InlineData("string text = \"a LONG text\";", 1)]
    [InlineData("string text = @\"LONG\";", 0)]
    [InlineData("string text = \"\"\"a LONG text\"\"\";", 0)]
    [InlineData("string text = \"\"\"\na LONG text\n\"\"\";", 0)]
    [InlineData("string text = \"\"\"\n\"\"\";\nint LONG = 1;", 1)]
    [InlineData("/// https://LONG.org/", 0)]
    public void A_line_of_code_is_too_long_unless_it_is_raw_text_or_one_word(string code, int expected) =>
        Assert.Equal(expected, LongLines.OfCode(Widen(code)).Count());

    [Theory]
    [InlineData("some LONG text", 1)]
    [InlineData("- some LONG text", 1)]
    [InlineData("| a LONG cell |", 0)]
    [InlineData("# A LONG heading", 0)]
    [InlineData("[name]: https://LONG.org/ \"title\"", 0)]
    [InlineData("https://LONG.org/", 0)]
    [InlineData("```\nsome LONG code\n```", 0)]
    [InlineData("```\n```\nsome LONG text", 1)]
    public void A_line_of_prose_is_too_long_unless_it_cannot_be_broken(string text, int expected) =>
        Assert.Equal(expected, LongLines.OfProse(Widen(text)).Count());

    private static IEnumerable<string> TooLong(string file, Func<string[], IEnumerable<int>> find)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf(file));
        return find(lines).Select(line => $"{file}:{line} has {lines[line - 1].Length} columns");
    }

    private static string[] Widen(string text) =>
        text.Replace("LONG", new string('x', LongLines.Columns), StringComparison.Ordinal).Split('\n');
}
