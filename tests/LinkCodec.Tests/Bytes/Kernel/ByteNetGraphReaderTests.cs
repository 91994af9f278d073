using LinkCodec.Core.Primitives;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Bytes.Kernel;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Graphs.Format;
using Xunit;

namespace LinkCodec.Tests.Bytes.Kernel;

/// <summary>
/// The kernel takes the exporter's graphs and no others: where it takes one, it computes what ONNX Runtime does.
/// </summary>
public sealed class ByteNetGraphReaderTests
{
    private const int V = ByteNetShape.Tokens;

    [Theory]
    [InlineData("models/snapshots/bytes-1", 256, 4, 512)]
    [InlineData("tests/LinkCodec.Tests/Bytes/assets/tiny", 16, 2, 32)]
    [InlineData("tests/LinkCodec.Tests/Bytes/assets/odd", 20, 3, 36)]
    public void The_exporters_graphs_are_recognised(string folder, int width, int layers, int inner)
    {
        Assert.True(
            ByteNetGraphReader.TryRead(TestSnapshots.Graph(TestSnapshots.Find(folder)), out ByteNetWeights weights));
        Assert.Equal((width, layers), (weights.Width, weights.Layers.Length));
        Assert.All(weights.Layers, layer => Assert.Equal(inner, layer.Up.Columns));
        Assert.Equal(V * width, weights.Embedding.Length);
    }

    [Fact]
    public void Another_byte_network_is_left_to_the_graphs_runtime()
    {
        Assert.False(ByteNetGraphReader.TryRead(OnnxWriter.ByteNet().ToArray(), out _));
        Assert.False(ByteNetGraphReader.TryRead(OnnxWriter.ByteNet(states: 3).ToArray(), out _));
    }

    [Fact]
    public void Every_node_counts()
    {
        byte[] whole = TestSnapshots.Graph(TestSnapshots.Tiny);
        Assert.True(OnnxReader.TryRead(whole, out OnnxGraph graph));
        int from = 0;
        foreach (OnnxNode node in graph.Nodes)
        {
            // Nodes come first in the file, and their operators in the order of nodes.
            byte[] name = System.Text.Encoding.ASCII.GetBytes(node.Operator);
            int at = whole.AsSpan(from).IndexOf((byte[])[0x22, (byte)name.Length, .. name]) + from;
            byte[] other = [.. whole];
            other[at + 2] ^= 1;
            Assert.False(ByteNetGraphReader.TryRead(other, out _));
            from = at + 1;
        }

        Assert.Equal(182, graph.Nodes.Count);
    }

    [Fact]
    public void A_weight_that_could_saturate_is_left_to_the_graphs_runtime()
    {
        byte[] whole = TestSnapshots.Graph(TestSnapshots.Tiny);
        Assert.True(OnnxReader.TryRead(whole, out OnnxGraph graph));
        int tried = 0;
        foreach (OnnxConstant constant in graph.Constants.Values.Where(constant => constant.Type == OnnxTypes.Int8))
        {
            foreach (sbyte weight in new sbyte[] { 64, -64, -128, 127 })
            {
                byte[] other = [.. whole];
                other[whole.AsSpan().IndexOf(constant.Bytes.Span) + (constant.Bytes.Length / 2)] =
                    unchecked((byte)weight);
                Assert.False(ByteNetGraphReader.TryRead(other, out _));
                tried++;
            }
        }

        Assert.Equal(4 * 9, tried);
    }

    [Theory]
    [InlineData(1, 400, true)]
    [InlineData(2, 200, false)]
    public void A_graph_with_another_byte_is_refused_or_computed_as_it_says(uint seed, int count, bool structure)
    {
        byte[] whole = TestSnapshots.Graph(TestSnapshots.Tiny);
        Assert.True(OnnxReader.TryRead(whole, out OnnxGraph graph));
        bool[] isConstant = new bool[whole.Length];
        foreach (OnnxConstant constant in graph.Constants.Values.Where(constant => constant.Bytes.Length > 16))
        {
            isConstant.AsSpan(whole.AsSpan().IndexOf(constant.Bytes.Span), constant.Bytes.Length).Fill(true);
        }

        int[] places = [.. Enumerable.Range(0, whole.Length).Where(at => isConstant[at] != structure)];
        int taken = 0;
        uint x = seed;
        for (int i = 0; i < count; i++)
        {
            x = unchecked((x * 1664525) + 1013904223);
            byte[] other = [.. whole];
            other[places[(int)((x >> 4) % places.Length)]] ^= (byte)(1 << (int)(x >> 29));
            if (ByteNetGraphReader.TryRead(other, out ByteNetWeights weights))
            {
                taken++;
                AssertSame(other, weights);
            }
        }

        Assert.True(structure ? taken < count / 4 : taken > count / 2, $"{taken} taken");
    }

    [Fact]
    public void A_file_is_read_to_its_last_byte_and_no_further()
    {
        byte[] whole = TestSnapshots.Graph(TestSnapshots.Tiny);
        for (int end = 0; end < whole.Length; end += 1 + (end / 50))
        {
            Assert.False(ByteNetGraphReader.TryRead(whole.AsMemory(0, end), out _));
        }

        Assert.False(ByteNetGraphReader.TryRead((byte[])[.. whole, 0], out _));
    }

    private static void AssertSame(byte[] graph, ByteNetWeights weights)
    {
        using ByteNetExecutor reference = Reference(graph);
        using var kernel = new KernelExecutor(new ByteNetKernel(weights, DotProduct.Best));
        using ByteNetStates expected = reference.CreateStates(2), found = kernel.CreateStates(2);
        int[] theirs = new int[2 * V], ours = new int[2 * V];
        for (int step = 0; step < 8; step++)
        {
            int[] tokens = step == 0 ? [256, 256] : [step * 31, 255 - step];
            expected.Step([0, 1], tokens, theirs);
            found.Step([0, 1], tokens, ours);
            Assert.Equal(theirs, ours);
        }
    }

    private static ByteNetExecutor Reference(byte[] graph)
    {
        try
        {
            return ByteNetExecutor.Open(graph, 2, GraphOptions.Default);
        }
        catch (LinkException e)
        {
            throw new InvalidOperationException("The kernel takes what ONNX Runtime refuses: " + e.Message, e);
        }
    }
}
