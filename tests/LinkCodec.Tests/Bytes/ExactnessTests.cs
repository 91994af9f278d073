using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Graphs;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace LinkCodec.Tests.Bytes;

/// <summary>The claim on which decoding rests: the same bits however the graph is run.</summary>
[Spec("7.1-1")]
public sealed class ExactnessTests
{
    private const int Sequences = 32;
    private const int TinySteps = 200;
    private const int BuiltInSteps = 60;
    private const GraphOptimizationLevel Off = GraphOptimizationLevel.ORT_DISABLE_ALL;
    private const GraphOptimizationLevel Basic = GraphOptimizationLevel.ORT_ENABLE_BASIC;
    private const GraphOptimizationLevel Extended = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
    private const GraphOptimizationLevel All = GraphOptimizationLevel.ORT_ENABLE_ALL;

    private static readonly Lazy<ExactnessRun.Hashes> Tiny =
        new(() => Run(TestSnapshots.Tiny, TinySteps, 1, 1, Off, true));
    private static readonly Lazy<ExactnessRun.Hashes> BuiltIn =
        new(() => Run(TestSnapshots.BuiltIn, BuiltInSteps, 1, 1, Off, true));

    /// <summary>Batch, threads, optimisation, arena.</summary>
    public static TheoryData<int, int, GraphOptimizationLevel, bool> Ways => new()
    {
        { 7, 1, Off, true },
        { 32, 1, Off, true },
        { 7, 1, Off, false },
        { 1, 1, Basic, true },
        { 7, 1, Extended, true },
        { 32, 1, All, true },
        { 1, 1, All, false },
        { 1, 2, Off, true },
        { 32, 2, All, true },
        { 7, 2, Extended, false },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_tiny_snapshot_gives_the_same_bits_every_way(
        int batch, int threads, GraphOptimizationLevel optimisation, bool arena) =>
            Assert.Equal(Tiny.Value, Run(TestSnapshots.Tiny, TinySteps, batch, threads, optimisation, arena));

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_built_in_snapshot_gives_the_same_bits_every_way(
        int batch, int threads, GraphOptimizationLevel optimisation, bool arena) =>
            Assert.Equal(BuiltIn.Value, Run(TestSnapshots.BuiltIn, BuiltInSteps, batch, threads, optimisation, arena));

    [Fact]
    public void The_hashes_tell_sequences_and_networks_apart()
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        ExactnessRun.Hashes one = ExactnessRun.Of(predictor, 2, 3, 1);
        Assert.NotEqual(one.Logits, ExactnessRun.Of(predictor, 2, 4, 1).Logits);
        Assert.NotEqual(one.Frequencies, ExactnessRun.Of(predictor, 2, 4, 1).Frequencies);
        Assert.NotEqual(one, ExactnessRun.Of(predictor, 3, 3, 1));
        Assert.NotEqual(Tiny.Value, BuiltIn.Value);
    }

    // What managed code runs on, the kernel above all, against ONNX Runtime in this process; the line shows that the
    // switch took effect.
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "", 0)]
    [InlineData("DOTNET_EnableAVXVNNI", "", 0)]
    [InlineData("DOTNET_EnableAVX2", "ssse3", 16)]
    [InlineData("DOTNET_EnableHWIntrinsic", "portable", 16)]
    public void A_process_without_an_instruction_set_gives_the_same_bits(string variable, string way, int vectorBytes)
    {
        string line = ExactnessProcess.Run(variable, TestSnapshots.Tiny, Sequences, TinySteps, batch: 7);
        Assert.StartsWith(Tiny.Value.ToString(), line, StringComparison.Ordinal);
        if (vectorBytes != 0 && System.Runtime.Intrinsics.X86.X86Base.IsSupported)
        {
            Assert.Contains($" by {way} on ", line, StringComparison.Ordinal);
            Assert.EndsWith($"with vectors of {vectorBytes} bytes", line, StringComparison.Ordinal);
        }
    }

    private static ExactnessRun.Hashes Run(string folder, int steps, int batch, int threads,
        GraphOptimizationLevel optimisation, bool arena)
    {
        var options = new GraphOptions { Threads = threads, Optimisation = optimisation, Arena = arena };
        using ByteNetPredictor predictor = TestSnapshots.Load(folder, options);
        SnapshotManifest manifest = new SnapshotStore().Find(folder).Manifest;
        Assert.True(NumericFingerprint.TryCompute(predictor, manifest.FrequencyBits, manifest.Probe.Span,
            out NumericFingerprint found));
        Assert.Equal(manifest.Fingerprint, found);
        return ExactnessRun.Of(predictor, Sequences, steps, batch);
    }
}
