using Xunit;

namespace LinkCodec.Conformance.Tests.Trace;

public sealed class SpecTextTests
{
    private const string Section = """
        # 4 Frames

        **4.2-3** The sender MUST be kind
        and MUST stay so.
        **4.2-4** The receiver MUST listen.

        The reader MUST count.

        - an item that MUST count

        **4.2-5** This one forgot the word.

        ```
        **4.2-6** An example MUST not count.
        ```
        """;

    [Fact]
    public void Requirements_are_paragraphs_that_begin_with_an_id() =>
        Assert.Equal(["4.2-3", "4.2-4", "4.2-5"],
            SpecText.Requirements("f", Section).Select(requirement => requirement.Id));

    [Fact]
    public void A_must_without_an_id_is_found() =>
        Assert.Equal(["The reader MUST count.", "- an item that MUST count"], SpecText.Unnumbered(Section));

    [Fact]
    public void An_id_without_a_must_is_found() =>
        Assert.Equal(["**4.2-5** This one forgot the word."], SpecText.WithoutMust(Section));

    [Theory]
    [InlineData("x = 1; // spec 4.2-3", "4.2-3")]
    [InlineData("// At most one: spec 4.2-3, 11-1", "4.2-3 11-1")]
    [InlineData("/// Section 4.2 of the spec.", "")]
    [InlineData("string s = \"spec 4.2-3\";", "")]
    public void Code_cites_in_comments(string code, string ids) =>
        Assert.Equal(ids, string.Join(' ', SpecText.CodeCitations("f", code).Select(citation => citation.Id)));

    [Fact]
    public void Tests_cite_by_attribute() => Assert.Equal(["4.2-3", "11-1"],
        SpecText.TestCitations("f", "[Fact]\n[Spec(\"4.2-3\"), Spec(\"11-1\")]\n/// As <c>[Spec(\"9-9\")]</c>.\n")
            .Select(citation => citation.Id));

    [Fact]
    public void A_waiver_has_an_id_and_a_reason() =>
        Assert.Equal([("4.2-3", "needs another machine")],
            SpecText.Waivers("# Waived\n\n- 4.2-3: needs another machine\n"));
}
