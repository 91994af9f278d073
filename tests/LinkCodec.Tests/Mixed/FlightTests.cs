using LinkCodec.Core.Snapshots;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Mixed;

/// <summary>A snapshot without networks is loaded and used, and nothing looks for ONNX Runtime.</summary>
public sealed class FlightTests : IDisposable
{
    private const string Runtime = "Microsoft.ML.OnnxRuntime";
    private readonly string _folder = Path.Combine(
        Directory.CreateTempSubdirectory("linkcodec-flight-").FullName, "flight");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Theory]
    [InlineData(nameof(FlightRun.WithModels))]
    [InlineData(nameof(FlightRun.WithCore))]
    public void Loading_and_coding_without_networks_asks_for_no_part_of_ONNX_Runtime(string what)
    {
        TestMixing.Seal(_folder, 0);
        OwnAssemblies own = new();
        Assert.Equal("A message.", Run(own, what, _folder));
        Assert.Contains("LinkCodec.Core", own.Asked);
        Assert.Equal(what == nameof(FlightRun.WithModels), own.Asked.Contains("LinkCodec.Models"));
        Assert.DoesNotContain(Runtime, own.Asked);
        Assert.DoesNotContain(own.Assemblies, a => a.GetName().Name == Runtime);
        Assert.DoesNotContain(own.AskedNative, n => n.Contains("onnx", StringComparison.OrdinalIgnoreCase));
        own.Unload();
    }

    [Fact]
    public void The_same_run_with_a_network_asks_for_it_so_that_the_check_would_see_it()
    {
        OwnAssemblies own = new();
        Assert.Equal("A message.", Run(own, nameof(FlightRun.WithModels), TestSnapshots.Tiny));
        Assert.Contains(Runtime, own.Asked);
        own.Unload();
    }

    [Fact]
    public void The_core_refers_to_no_other_assembly_of_the_SDK_and_to_no_runtime()
    {
        string[] names = [.. typeof(Snapshot).Assembly.GetReferencedAssemblies().Select(a => a.Name!)];
        Assert.DoesNotContain(names, n => n.StartsWith("LinkCodec", StringComparison.Ordinal) || n == Runtime);
    }

    private static string Run(OwnAssemblies own, string what, string folder) =>
        (string)own.Sdk("LinkCodec.Tests").GetType(typeof(FlightRun).FullName!)!.GetMethod(what)!
            .Invoke(null, [folder])!;
}
