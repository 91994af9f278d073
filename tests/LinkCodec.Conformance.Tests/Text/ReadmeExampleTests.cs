using Xunit;

namespace LinkCodec.Conformance.Tests.Text;

public sealed class ReadmeExampleTests
{
    [Fact]
    public void Every_example_of_the_readme_is_code_that_the_solution_compiles()
    {
        string solution = Repository.Read("LinkCodec.sln");
        string[] folders = [.. Repository.Files(["samples"], ".csproj")
            .Where(project => solution.Contains('"' + project.Replace('/', '\\') + '"', StringComparison.Ordinal))
            .Select(project => Path.GetDirectoryName(project)!)];
        string[] sources = [.. Repository.Files(folders, ".cs").Select(Repository.Read)];
        IReadOnlyList<string> blocks = ExampleCode.Blocks(Repository.Read("README.md"));
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.True(sources.Any(source => ExampleCode.Holds(source, block)),
            "In no compiled file under samples/:\n" + block));
    }

    [Fact]
    public void A_block_is_found_whatever_its_indentation()
    {
        string block = Assert.Single(
            ExampleCode.Blocks("text\n```csharp\nint a = 1;\n\nint b = 2;\n```\n```bash\nls\n```\n"));
        Assert.True(ExampleCode.Holds("class C\n{\n    int a = 1;\n    int b = 2;\n}\n", block));
    }

    [Theory]
    [InlineData("int a = 1;\nint c = 3;\nint b = 2;")]
    [InlineData("int a = 1;\nint b = 20;")]
    [InlineData("int a = 1;")]
    public void A_block_that_differs_is_not_found(string source) =>
        Assert.False(ExampleCode.Holds(source, "int a = 1;\nint b = 2;"));
}
