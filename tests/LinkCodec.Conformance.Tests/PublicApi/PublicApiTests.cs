using System.Reflection;
using LinkCodec.Conformance.Tests.Architecture;
using Xunit;

namespace LinkCodec.Conformance.Tests.PublicApi;

/// <summary>The public surface is what its golden file says: a change to it is seen in review.</summary>
public sealed class PublicApiTests
{
    private const string UpdateVariable = "LINKCODEC_UPDATE_API";

    [Theory]
    [InlineData("LinkCodec.Core")]
    [InlineData("LinkCodec.Models")]
    [InlineData("LinkCodec.Transport")]
    [InlineData("LinkCodec")]
    public void The_public_surface_is_as_its_file_says(string name)
    {
        string path = Repository.PathOf($"tests/LinkCodec.Conformance.Tests/api/{name}.txt");
        string actual = ApiText.Of(Assembly.LoadFrom(Assemblies.PathOf(name)));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        string[] added = [.. actual.Split('\n').Except(expected.Split('\n'))];
        string[] removed = [.. expected.Split('\n').Except(actual.Split('\n'))];
        Assert.True(actual == expected, $"The public surface of {name} changed. If that is meant, run the tests with {UpdateVariable}=1.\n"
            + string.Join('\n', removed.Select(line => "- " + line).Concat(added.Select(line => "+ " + line))));
    }

    [Fact]
    public void A_type_is_written_with_its_public_and_protected_members() => Assert.Equal("""
        abstract class Namespace.Sample<T> : System.IDisposable where T : struct
          const int Limit = 7
          event System.Action Changed
          field readonly string Name
          method System.Threading.Tasks.Task<T[]> RunAsync(ref int count, System.ReadOnlySpan<byte> input, string text = "x", params object[] rest)
          method abstract protected void Step<U>(in U value) where U : class, new()
          method static bool TryRead(System.ReadOnlySpan<byte> input, out T value)
          method virtual void Dispose()
          new(int count)
          property T this[int index] { get; }
          property int? Count { get; protected set; }

        """.ReplaceLineEndings("\n"), ApiText.Of(typeof(Sample<>)).Replace("LinkCodec.Conformance.Tests.PublicApi.", "Namespace.", StringComparison.Ordinal));
}
