using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Models.Graphs.Format;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.ModelBuilder.Import;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// What a device would run is tried on the CPU: the same graphs, the same checks. A device that is missing or computes
/// otherwise is refused.
/// </summary>
public sealed class DeviceLoaderTests : IDisposable
{
    // What ONNX Runtime's docs/OperatorKernels.md lists for CUDA, of the types that the graph has.
    private static readonly HashSet<string> Kernels =
    [
        "Abs", "Add", "Cast", "Clip", "Concat", "Div", "Expand", "Gather", "GatherElements", "Less", "LessOrEqual",
        "MatMul", "MatMulInteger", "Max", "Min", "Mul", "QuantizeLinear", "Range", "ReduceMax", "ReduceSum", "Reshape",
        "Round", "Shape", "Split", "Sqrt", "Squeeze", "Sub", "Transpose", "Unsqueeze", "Where",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-device-").FullName;

    public static TheoryData<string> Families => ["llama", "gpt2", "qwen3", "qwen2"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Families))]
    public void The_forms_of_devices_pass_the_self_test_of_a_whole_snapshot_and_code_the_same_bytes(string family)
    {
        SnapshotManifest manifest = TinyImport.Seal(_folder, family);
        SnapshotFiles files = new SnapshotStore().Find(_folder);
        List<byte[]> messages = [TinyImport.Text(20), TinyImport.Text(100), "{\"id\":7}"u8.ToArray()];
        using Snapshot cpu = SnapshotLoader.Load(files);
        byte[][] expected = [.. LanguageMessageRun.Encode(cpu.Predictor, messages, 2).Select(unit => unit.ToArray())];
        foreach (GraphForm form in (GraphForm[])[GraphForm.Int8, GraphForm.Float])
        {
            using Snapshot device = DeviceLoader.Load(files, "cpu",
                file => LanguageSnapshot.Open(file, form, OnnxTransformer.DefaultOptions));
            Assert.Equal(manifest.Fingerprint, device.Fingerprint);
            Assert.Equal(expected, LanguageMessageRun.Encode(device.Predictor, messages, 2)
                .Select(unit => unit.ToArray()));
            Assert.Equal(messages, LanguageMessageRun.Decode(device.Predictor, [.. expected], 3));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_forms_of_devices_have_only_operators_that_run_there(string family)
    {
        TinyImport.WriteFiles(_folder, family);
        using TensorStoreReader store = TensorStoreReader.Open(Path.Combine(_folder, LanguageSnapshot.NetworkPath));
        foreach (GraphForm form in (GraphForm[])[GraphForm.Int8, GraphForm.Float])
        {
            Assert.True(OnnxReader.TryRead(TransformerGraph.Build(store, StoredShape.Read(store), form).Model,
                out OnnxGraph graph));
            Assert.Empty(graph.Nodes.Select(node => node.Operator).Except(Kernels));
            Assert.DoesNotContain(graph.Constants.Values,
                constant => constant.Type is OnnxTypes.UInt8 or OnnxTypes.Int16);
            // the matrices come along
            Assert.Contains(graph.Constants.Values, constant => constant.Type == OnnxTypes.Int8
                && constant.Dimensions[0] == StoredShape.Read(store).Vocabulary);
        }
    }

    [Theory]
    [InlineData(true)] // wrong in groups
    [InlineData(false)] // wrong in the same way everywhere
    [Spec("11.9-1")]
    public void A_form_that_computes_otherwise_makes_way_for_the_next_and_the_last_is_refused_in_one_line(
        bool inBatches)
    {
        TinyImport.Seal(_folder);
        SnapshotFiles files = new SnapshotStore().Find(_folder);
        using (Snapshot snapshot = DeviceLoader.Load(files, "gpu", Wrong, Right))
        {
            Assert.Equal(files.Manifest.Fingerprint, snapshot.Fingerprint);
        }

        LinkException e = Assert.Throws<LinkException>(() => DeviceLoader.Load(files, "gpu", Wrong, Wrong));
        Assert.Equal(LinkErrorCode.NumericsMismatch, e.Code);
        Assert.StartsWith($"gpu cannot be used: {_folder}: expected the CPU's bits", e.Message,
            StringComparison.Ordinal);

        static Transformer Right(SnapshotFiles file) =>
            LanguageSnapshot.Open(file, GraphForm.Int8, OnnxTransformer.DefaultOptions);
        Transformer Wrong(SnapshotFiles file) => new WrongNetwork(Right(file), inBatches);
    }

    [Fact]
    public void A_device_that_was_asked_for_runs_the_model_or_is_named_in_one_line()
    {
        SnapshotManifest manifest = TinyImport.Seal(_folder);
        try
        {
            using Snapshot snapshot = new SnapshotStore().Load(_folder, ModelDevice.Cuda(63));
            Assert.Equal(manifest.Fingerprint, snapshot.Fingerprint);
        }
        catch (ModelRuntimeException e)
        {
            Assert.StartsWith("cuda:63 was asked for and cannot be used: ", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [Theory]
    [InlineData("models/snapshots/flight-1")]
    [InlineData("models/snapshots/mixed-1")]
    [InlineData("tests/LinkCodec.Tests/Bytes/assets/tiny")]
    public void A_model_that_runs_on_the_cpu_alone_says_so(string snapshot)
    {
        ModelRuntimeException e = Assert.Throws<ModelRuntimeException>(
            () => new SnapshotStore().Load(TestSnapshots.Find(snapshot), ModelDevice.Cuda()));
        Assert.Contains("runs on the CPU alone", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_of_no_use_to_any_snapshot_is_refused_before_one_is_loaded()
    {
        ModelRuntimeException e = Assert.Throws<ModelRuntimeException>(
            () => LinkSnapshots.Load([LinkSnapshots.None, TestSnapshots.BuiltIn], ModelDevice.Cuda(1)));
        Assert.StartsWith("cuda:1 was asked for, and none of the snapshots can use it (none, ", e.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:0", "cuda:0")]
    [InlineData("cuda:63", "cuda:63")]
    [InlineData("cuda:64", null)]
    [InlineData("cuda:-1", null)]
    [InlineData("cuda:+1", null)]
    [InlineData("cuda: 1", null)]
    [InlineData("cuda:", null)]
    [InlineData("CUDA", null)]
    [InlineData("gpu", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Devices_are_read_and_written(string? text, string? written)
    {
        Assert.Equal(written is not null, ModelDevice.TryParse(text, out ModelDevice device));
        Assert.Equal(written ?? "cpu", device.ToString());
        Assert.Equal(device.ToString() == "cpu", device.IsCpu);
    }

    /// <summary>A network with one wrong bit: in every run, or in steps of several rows.</summary>
    private sealed class WrongNetwork(Transformer network, bool inBatches) : Transformer
    {
        public override int Vocabulary => network.Vocabulary;

        public override int Window => network.Window;

        public override KvCache CreateCache(int rows) => new Cache(network.CreateCache(rows), inBatches);

        public override void Dispose() => network.Dispose();

        private sealed class Cache(KvCache cache, bool inBatches) : KvCache
        {
            private float[] _logits = [];

            public override int Rows => cache.Rows;

            public override int Length(int row) => cache.Length(row);

            public override void Truncate(int row, int length) => cache.Truncate(row, length);

            public override ReadOnlySpan<float> Logits => _logits;

            public override void CopyRow(KvCache source, int from, int to, int known = 0) =>
                cache.CopyRow(((Cache)source).FeedForwardWidth, from, to, known);

            public override ReadOnlySpan<float> Append(int row, ReadOnlySpan<int> tokens, int wanted) =>
                _logits = Changed(cache.Append(row, tokens, wanted), !inBatches);

            public override ReadOnlySpan<float> Step(ReadOnlySpan<int> tokens) =>
                _logits = Changed(cache.Step(tokens), !inBatches || tokens.Length > 1);

            public override void Dispose() => cache.Dispose();

            private KvCache FeedForwardWidth => cache;

            private static float[] Changed(ReadOnlySpan<float> logits, bool isWrong) =>
                [.. logits.ToArray().Select(l => isWrong ? l * 1.25f : l)];
        }
    }
}
