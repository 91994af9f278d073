using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Graphs.Format;
using Xunit;

namespace LinkCodec.Tests.Bytes;

public sealed class HostileGraphTests
{
    private static readonly byte[] Table = TestSnapshots.Table(TestSnapshots.Tiny);

    [Fact]
    public void The_graph_that_the_others_spoil_is_accepted()
    {
        using ByteNetPredictor predictor = Load(OnnxWriter.ByteNet().ToArray());
        Assert.Equal(new ByteNetShape(1, 4), predictor.Model.Executor.Shape);
        Assert.Equal(257, predictor.AlphabetSize);
    }

    public static TheoryData<string, byte[]> Spoilt => new()
    {
        { "no graph", "not an ONNX file"u8.ToArray() },
        { "empty", [] },
        { "cut short", OnnxWriter.ByteNet().ToArray()[..100] },
        { "'tokens' is missing", OnnxWriter.ByteNet(tokens: "symbols").ToArray() },
        { "two inputs more", OnnxWriter.ByteNet().Input("x", OnnxWriter.Float, null, 4)
            .Input("y", OnnxWriter.Float, null, 4).ToArray() },
        { "one output more", OnnxWriter.ByteNet().Node("Neg", ["s0"], "x")
            .Output("x", OnnxWriter.Float, null, 4).ToArray() },
        { "no state", OnnxWriter.ByteNet(states: 0).ToArray() },
        { "logits of 64 bits", OnnxWriter.ByteNet(logits: OnnxWriter.Int64).ToArray() },
        { "logits in floats", OnnxWriter.ByteNet(logits: OnnxWriter.Float).ToArray() },
        { "256 symbols", OnnxWriter.ByteNet(symbols: 256).ToArray() },
        { "a fixed batch", OnnxWriter.ByteNet(batch: 1).ToArray() },
        { "integer states", OnnxWriter.ByteNet(stateType: OnnxWriter.Int32).ToArray() },
        { "a state of 4 MiB", OnnxWriter.ByteNet(width: 1 << 20).ToArray() },
        { "65 states", OnnxWriter.ByteNet(states: 65, width: 1).ToArray() },
        { "an operator that nobody knows", OnnxWriter.ByteNet().Node("Oracle", ["s0"], "x").ToArray() },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void A_graph_that_is_no_byte_network_is_refused_by_name(string how, byte[] graph)
    {
        LinkException refused = Assert.Throws<LinkException>(() => Load(graph));
        Assert.True(refused.Code == LinkErrorCode.SnapshotNotFound, how);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_graph_whose_rows_do_not_match_its_declaration_fails_without_writing_past_them()
    {
        // Gives the states of those lanes alone whose token is not zero.
        byte[] graph = new OnnxWriter()
            .Constant("one", 1).Node("Unsqueeze", ["tokens", "one"], "column")
            .Constant("shape", 1, 257).Node("Expand", ["column", "shape"], "wide")
            .Cast("wide", "logits", OnnxWriter.Int32)
            .Constant("zero", 0).Node("NonZero", ["tokens"], "found").Node("Squeeze", ["found", "zero"], "rows")
            .Node("Gather", ["s0", "rows"], "n0")
            .Input("tokens", OnnxWriter.Int64, (int?)null).Output("logits", OnnxWriter.Int32, null, 257)
            .Input("s0", OnnxWriter.Float, null, 4).Output("n0", OnnxWriter.Float, null, 4).ToArray();
        using ByteNetPredictor predictor = Load(graph);
        using var lanes = (DistributionLanes)predictor.CreateLanes(2);
        uint[] weights = new uint[2 * 257];
        lanes.Start(0, weights.AsSpan(0, 257));
        lanes.Start(1, weights.AsSpan(0, 257));
        lanes.Step([1, 2], weights);
        LinkException failed = Assert.Throws<LinkException>(() => lanes.Step([1, 0], weights));
        Assert.Equal(LinkErrorCode.LimitExceeded, failed.Code);
    }

    [Fact]
    public void A_graph_may_not_take_its_constants_from_other_files()
    {
        string file = Path.GetRandomFileName(); // in the working directory, where ONNX Runtime would look
        File.WriteAllBytes(file, new byte[16]);
        try
        {
            byte[] graph = OnnxWriter.ByteNet().External("w", 4, file).Node("Add", ["s0", "w"], "x").ToArray();
            Assert.Equal(LinkErrorCode.SnapshotNotFound, Assert.Throws<LinkException>(() => Load(graph)).Code);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(15)]
    [InlineData(25)]
    public void Frequency_bits_outside_the_coders_range_are_refused(int bits)
    {
        byte[] graph = OnnxWriter.ByteNet().ToArray();
        Assert.Equal(LinkErrorCode.SnapshotNotFound,
            Assert.Throws<LinkException>(() => ByteNetPredictor.Load(graph, Table, bits, 64)).Code);
    }

    private static ByteNetPredictor Load(byte[] graph) =>
        ByteNetPredictor.Load(graph, Table, TestSnapshots.FrequencyBits, TestSnapshots.LargestBatch);
}
