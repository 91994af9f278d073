using System.Text.RegularExpressions;
using Xunit;

namespace LinkCodec.Conformance.Tests.Architecture;

/// <summary>Folders are namespaces: whoever knows a type's name knows where its file is.</summary>
public sealed class NamespaceTests
{
    private static readonly string[] Roots = ["sdk", "tools", "sender", "receiver", "simulator", "tests", "benchmarks"];

    // It declares rooms of its own, for a test to find their forbidden arrows.
    private const string Shared = "tests/Shared/"; // Files that are compiled into every test project.
    private const string BadRooms = "tests/LinkCodec.Conformance.Tests/Architecture/BadRooms.cs";

    // The longest paths first: a project may lie in another one's folder.
    private static readonly (string Folder, string Namespace)[] Projects = [.. Repository.Files(Roots, ".csproj")
        .Select(file => (FolderOf(file), RootNamespaceOf(file))).OrderByDescending(project => project.Item1.Length)];

    private static readonly (string File, string Folder)[] Sources = [.. Repository.Files(Roots, ".cs")
        .Where(file => file != BadRooms && !file.StartsWith(Shared, StringComparison.Ordinal))
        .Select(file => (file, FolderOf(file)))];

    [Fact]
    public void Folders_are_namespaces() => Complaints.None(
        from source in Sources
        let expected = NamespaceOf(source.Folder)
        from written in WrittenIn(source.File)
        where written != expected
        select $"{source.File} is in the namespace {written}, its folder in {expected}");

    [Theory]
    [InlineData("sdk/LinkCodec.Models/Language/Inference", "LinkCodec.Models.Language.Inference")]
    [InlineData("sender", "LinkCodec.Sender")]
    [InlineData("tests/LinkCodec.Tests/Bytes/Kernel", "LinkCodec.Tests.Bytes.Kernel")]
    public void A_folder_has_a_namespace(string folder, string expected) => Assert.Equal(expected, NamespaceOf(folder));

    private static string NamespaceOf(string folder)
    {
        (string Folder, string Namespace) project =
            Projects.First(project => (folder + "/").StartsWith(project.Folder + "/", StringComparison.Ordinal));
        return project.Namespace + folder[project.Folder.Length..].Replace('/', '.');
    }

    private static IEnumerable<string> WrittenIn(string file) =>
        Regex.Matches(Repository.Read(file), @"^namespace\s+([\w.]+)", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).Distinct();

    private static string RootNamespaceOf(string project) =>
        Regex.Match(Repository.Read(project), "<RootNamespace>(.*?)</RootNamespace>") is { Success: true } match
            ? match.Groups[1].Value
            : Path.GetFileNameWithoutExtension(project);

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];
}
