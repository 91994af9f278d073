using System.Text.RegularExpressions;
using Xunit;

namespace LinkCodec.Conformance.Tests.Trace;

/// <summary>
/// Every MUST of the specification is obeyed by code that cites it and proved by a test that cites it.
/// </summary>
public sealed class SpecTraceTests
{
    private static readonly string[] Sections =
        [.. Repository.Files(["protocol-spec"], ".md")
            .Where(file => Regex.IsMatch(file, @"^protocol-spec/\d\d-[^/]+\.md$"))];

    private static readonly Requirement[] Requirements =
        [.. Sections.SelectMany(file => SpecText.Requirements(file, Repository.Read(file)))];

    private static readonly HashSet<string> Ids = [.. Requirements.Select(requirement => requirement.Id)];

    private static readonly Requirement[] InCode =
        [.. Repository.Files(["sdk", "tools", "sender", "receiver", "simulator"], ".cs")
            .SelectMany(file => SpecText.CodeCitations(file, Repository.Read(file)))];

    // The samples of this folder's own tests are no citations.
    private static readonly Requirement[] InTests = [.. Repository.Files(["tests"], ".cs")
        .Where(file => !file.StartsWith("tests/LinkCodec.Conformance.Tests/Trace/", StringComparison.Ordinal))
        .SelectMany(file => SpecText.TestCitations(file, Repository.Read(file)))];

    private static readonly (string Id, string Reason)[] Waived =
        [.. SpecText.Waivers(Repository.Read("protocol-spec/waived.md"))];

    [Fact]
    public void The_specification_has_requirements_and_none_has_the_id_of_another()
    {
        Assert.NotEmpty(Requirements);
        Complaints.None(Requirements.GroupBy(requirement => requirement.Id).Where(group => group.Count() > 1)
            .Select(group =>
                $"{group.Key} stands in {string.Join(" and ", group.Select(requirement => requirement.Where))}"));
    }

    [Fact]
    public void Every_must_is_numbered_and_every_number_has_a_must() => Complaints.None(Sections.SelectMany(file =>
        SpecText.Unnumbered(Repository.Read(file)).Select(part => $"{file}: no id: {part}")
            .Concat(SpecText.WithoutMust(Repository.Read(file)).Select(part => $"{file}: no MUST: {part}"))));

    [Fact]
    public void Every_requirement_is_cited_by_code() => Complaints.None(Uncited(InCode));

    [Fact]
    public void Every_requirement_is_cited_by_a_test() => Complaints.None(Uncited(InTests));

    [Fact]
    public void Nothing_cites_a_dead_id() =>
        Complaints.None(InCode.Concat(InTests).Where(citation => !Ids.Contains(citation.Id))
            .Select(citation => $"{citation.Where} cites {citation.Id}, which is not in the specification"));

    [Fact]
    public void Every_waiver_is_needed_and_has_a_reason() => Complaints.None(Waived
        .Where(waiver => waiver.Reason.Length < 10 || !Ids.Contains(waiver.Id)
            || (InCode.Any(citation => citation.Id == waiver.Id) && InTests.Any(citation => citation.Id == waiver.Id)))
        .Select(waiver => $"{waiver.Id} is waived without need or without a reason"));

    private static IEnumerable<string> Uncited(Requirement[] citations) => Requirements
        .Where(requirement => !citations.Any(citation => citation.Id == requirement.Id)
            && !Waived.Any(waiver => waiver.Id == requirement.Id))
        .Select(requirement => $"{requirement.Id} ({requirement.Where})");
}
