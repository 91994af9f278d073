using System.Text.RegularExpressions;
using Xunit;

namespace LinkCodec.Conformance.Tests.Text;

/// <summary>
/// Tokens are cut alike at both ends of a link: nothing there asks a table that changes with the runtime. What an
/// importer asks is in another project.
/// </summary>
public sealed class RuntimeTableTests
{
    private const string Folder = "sdk/LinkCodec.Models/Language/Tokens/";
    private const string Tables =
        @"\bRegex|RegularExpressions|Globalization|Culture|Unicode(Category|Info)|\bchar\.(Is(?!(High|Low)?Surrogate)|To)|\bRune\.(Is|To|Get)|\.(ToUpper|ToLower|Normalize)";

    [Fact]
    public void What_cuts_words_asks_no_table_of_the_runtime() => Complaints.None(
        from file in Repository.Files([Folder], ".cs")
        from line in File.ReadLines(Repository.PathOf(file))
        where Regex.IsMatch(line, Tables)
        select $"{file}: {line.Trim()}");

    [Theory]
    [InlineData("char.IsLetter(c)", true)]
    [InlineData("using System.Globalization;", true)]
    [InlineData("CharUnicodeInfo.GetUnicodeCategory(c)", true)]
    [InlineData("char.IsHighSurrogate(c)", false)]
    [InlineData("System.Text.Unicode.Utf8.IsValid(bytes)", false)]
    public void A_table_is_told_from_others(string code, bool hit) => Assert.Equal(hit, Regex.IsMatch(code, Tables));
}
