using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace LinkCodec.Conformance.Tests.Architecture;

public sealed class AssemblyTests
{
    // Besides the base library.
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["LinkCodec.Core"] = "NSec.Cryptography|MessagePack",
        ["LinkCodec.Models"] = "LinkCodec.Core|Microsoft.ML.OnnxRuntime|Microsoft.ML.Tokenizers|Google.Protobuf"
            + "|ZstdSharp",
        ["LinkCodec.ModelBuilder"] = @"LinkCodec\.(Core|Models)|MathNet.Numerics|ZstdSharp",
        ["LinkCodec.Transport"] = "LinkCodec.Core",
        ["LinkCodec"] =
            @"LinkCodec\.(Core|Models|Transport)|NSec.Cryptography|MessagePack|System.Reactive|Microsoft\.Extensions\..*",
    };

    // What the core is given instead of reaching for it: bytes, a time, a random source. It starts no thread; a lock
    // may guard what the caller's threads share.
    private const string NotInCore =
        @"^System\.(Net\.|IO\.(Pipelines\.|File|Directory|Path\.)|Threading\.(Tasks\.|Thread$|ThreadPool|Timer|Mutex|Semaphore)"
            + @"|Timers\.|TimeProvider|Diagnostics\.(Stopwatch|Process)|Console)|^Microsoft\.ML\.";

    [Theory]
    [InlineData("LinkCodec.Core")]
    [InlineData("LinkCodec.Models")]
    [InlineData("LinkCodec.ModelBuilder")]
    [InlineData("LinkCodec.Transport")]
    [InlineData("LinkCodec")]
    public void An_assembly_refers_only_to_what_it_may(string name)
    {
        using PEReader file = new(File.OpenRead(Assemblies.PathOf(name)));
        MetadataReader metadata = file.GetMetadataReader();
        string[] beyond = [.. metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(reference => !IsBaseLibrary(reference) && !Regex.IsMatch(reference, $"^({Allowed[name]})$"))];
        Complaints.None(beyond);
    }

    [Fact]
    public void Core_knows_no_sockets_files_threads_tasks_or_clocks() =>
        Complaints.None(TypeUseReader.Read(Assemblies.PathOf("LinkCodec.Core"))
            .Where(use => Regex.IsMatch(use.To, NotInCore)).Select(use => $"{use.From} uses {use.To}"));

    [Theory]
    [InlineData("System.Net.Sockets.Socket", true)]
    [InlineData("System.IO.File", true)]
    [InlineData("System.Threading.Thread", true)]
    [InlineData("System.Threading.Tasks.Task", true)]
    [InlineData("System.TimeProvider", true)]
    [InlineData("System.Threading.Interlocked", false)]
    [InlineData("System.IO.Stream", false)]
    public void The_list_of_what_Core_must_not_know_hits(string type, bool hit) =>
        Assert.Equal(hit, Regex.IsMatch(type, NotInCore));

    [Fact]
    public void Nothing_that_ships_refers_to_tests_or_the_simulator() => Complaints.None(
        Repository.Files(["sdk", "tools", "sender", "receiver", "simulator"], ".csproj").SelectMany(project =>
            XDocument.Load(Repository.PathOf(project)).Descendants("ProjectReference")
                .Select(e => (string)e.Attribute("Include")!)
                .Where(target => Regex.IsMatch(target, @"(^|/)(tests|simulator|benchmarks)/"))
                .Select(target => $"{project} -> {target}")));

    [Fact]
    public void What_makes_snapshots_is_no_part_of_what_runs_them() => Complaints.None(
        Repository.Files(["sdk", "sender", "receiver", "simulator", "samples"], ".csproj").Where(
            project => Repository.Read(project).Contains("LinkCodec.ModelBuilder.csproj", StringComparison.Ordinal)));

    private static bool IsBaseLibrary(string name) =>
        name is "System.Runtime" or "netstandard"
            || (name.StartsWith("System.", StringComparison.Ordinal) && name != "System.Reactive");
}
