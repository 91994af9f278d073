using LinkCodec.Models.Bytes;
using LinkCodec.Models.Bytes.Kernel;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Graphs.Format;
using Xunit;

namespace LinkCodec.Tests.Bytes.Kernel;

/// <summary>
/// The kernel computes what the graph says: every bit of logits and states, whatever instructions it multiplies with.
/// </summary>
[Spec("7.1-1")]
public sealed class ByteNetKernelTests
{
    private const int V = ByteNetShape.Tokens;

    private static readonly Lazy<ByteNetWeights> Tiny = new(() => Weights(TestSnapshots.Tiny));
    private static readonly Lazy<ByteNetWeights> Odd = new(() => Weights(TestSnapshots.Odd));
    private static readonly Lazy<ByteNetWeights> BuiltIn = new(() => Weights(TestSnapshots.BuiltIn));

    /// <summary>Every way to multiply that this processor has.</summary>
    public static TheoryData<string> Ways => [.. Dots().Select(dot => dot.Name)];

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_tiny_snapshot_gives_the_graphs_bits(string way)
    {
        foreach ((int lanes, int steps) in new[] { (1, 2000), (7, 400), (32, 200), (64, 100), (256, 20) })
        {
            Compare(TestSnapshots.Tiny, Tiny.Value, way, lanes, steps);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Rows_that_fill_no_vector_give_the_graphs_bits(string way)
    {
        foreach ((int lanes, int steps) in new[] { (1, 500), (7, 100), (70, 50) })
        {
            Compare(TestSnapshots.Odd, Odd.Value, way, lanes, steps);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_built_in_snapshot_gives_the_graphs_bits(string way)
    {
        bool slow = way is "portable" or "signed-rows";
        foreach ((int lanes, int steps) in slow
            ? [(1, 100), (7, 20)]
            : new[] { (1, 1500), (7, 200), (32, 60), (64, 40), (65, 10) })
        {
            Compare(TestSnapshots.BuiltIn, BuiltIn.Value, way, lanes, steps);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void States_that_no_text_leads_to_give_the_graphs_bits(string way)
    {
        using ByteNetExecutor graph = Graph(TestSnapshots.BuiltIn);
        using var kernel = new KernelExecutor(new ByteNetKernel(BuiltIn.Value, Dot(way)));
        using ByteNetStates expected = graph.CreateStates(6), found = kernel.CreateStates(6);
        float[] state = new float[kernel.Shape.States * kernel.Shape.Width];
        uint x = 7;
        for (int round = 0; round < 20; round++)
        {
            for (int lane = 0; lane < 6; lane++)
            {
                // Of every size: from far below the least scale to the largest that states have; halves, where rounding
                // is decided; zeros of both signs.
                float size = lane switch { 0 => 1e-9f, 1 => 1e-3f, 2 => 1f, 3 => 1e-30f, 4 => 1f / 127, _ => .5f };
                for (int i = 0; i < state.Length; i++)
                {
                    x = unchecked((x * 1664525) + 1013904223);
                    float value = (((int)x >> 8) / 8388608f) * size;
                    state[i] = lane == 4 ? (float)((int)(value * 127 * 127) / 2d / 127)
                        : lane == 5 && (x & 7) == 0 ? -0f : value;
                }

                expected.Restore(lane, state);
                found.Restore(lane, state);
            }

            int[] tokens = [.. Enumerable.Range(0, 6).Select(lane => ((round * 31) + (lane * 50)) % V)];
            AssertStep(expected, found, [0, 1, 2, 3, 4, 5], tokens, kernel.Shape);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Products_of_extreme_rows_are_exact(string way)
    {
        const int Columns = 150;
        DotProduct dot = Dot(way);
        foreach (int length in new[] { 1, 4, 63, 64, 257, 512 })
        {
            sbyte[] weights = new sbyte[length * Columns];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (sbyte)((i % Columns) switch { 0 => 63, 1 => -63, 2 => i % 2 == 0 ? 63 : -63, _ =>
                    ((i * 37) % 127) - 63 });
            }

            foreach (bool negative in new[] { true, false })
            {
                int zero = negative ? dot.ZeroOfSigned : dot.ZeroOfUnsigned;
                var matrix = new PackedMatrix(dot, weights, length, Columns, 1, zero);
                foreach (int count in new[] { 1, 2, 3, 6, 9, 13 })
                {
                    int stride = RowMath.Padded(length);
                    int sumStride = RowMath.Padded(Columns);
                    int[] values = [.. Enumerable.Range(0, count * stride)
                        .Select(i => Value(i / stride, i % stride, negative))];
                    byte[] rows = [.. values.Select(value => unchecked((byte)(value + zero)))];
                    int[] sums = new int[count * sumStride];
                    dot.Multiply(matrix, rows, stride, sums, sumStride, count);
                    for (int row = 0; row < count; row++)
                    {
                        for (int column = 0; column < Columns; column++)
                        {
                            int expected = 0;
                            for (int i = 0; i < length; i++)
                            {
                                expected += values[(row * stride) + i] * weights[(i * Columns) + column];
                            }

                            Assert.Equal(expected, sums[(row * sumStride) + column]);
                        }
                    }
                }
            }
        }

        static int Value(int row, int i, bool negative) => (row, negative) switch
        {
            (0, true) => 127,
            (0, false) => 254,
            (1, true) => -127,
            (1, false) => 0,
            (2, true) => i % 2 == 0 ? 127 : -127,
            (2, false) => i % 2 == 0 ? 254 : 0,
            (_, true) => ((i * 73) + (row * 11)) % 255 - 127,
            (_, false) => ((i * 73) + (row * 11)) % 255,
        };
    }

    [Fact]
    public void Any_lanes_can_be_stepped_in_any_order()
    {
        using var kernel = new KernelExecutor(new ByteNetKernel(Tiny.Value, DotProduct.Best));
        using ByteNetExecutor graph = ByteNetExecutor.Open(TestSnapshots.Graph(TestSnapshots.Tiny), 3,
            GraphOptions.Default);
        using ByteNetStates found = kernel.CreateStates(9), expected = graph.CreateStates(9);
        foreach (int[] lanes in new int[][] { [8, 0, 3], [3], [1, 2, 4, 5, 6, 7], [], [7, 8, 6, 0, 1, 5, 3, 2, 4] })
        {
            AssertStep(expected, found, lanes, [.. lanes.Select(lane => 65 + lane)], kernel.Shape);
        }

        found.Copy(8, 2);
        expected.Copy(8, 2);
        found.Reset(3);
        expected.Reset(3);
        AssertStep(expected, found, [2, 8, 3], [66, 66, ByteNetShape.StartToken], kernel.Shape);
    }

    [Fact]
    public void A_step_past_the_lanes_or_the_alphabet_is_refused()
    {
        using var kernel = new KernelExecutor(new ByteNetKernel(Tiny.Value, DotProduct.Best));
        using ByteNetExecutor graph = Graph(TestSnapshots.Tiny);
        foreach (ByteNetStates states in new[] { kernel.CreateStates(2), graph.CreateStates(2) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => states.Step([2], [0], new int[V]));
            Assert.Throws<ArgumentOutOfRangeException>(() => states.Step([-1], [0], new int[V]));
            Assert.Throws<ArgumentOutOfRangeException>(() => states.Step([0], [257], new int[V]));
            Assert.Throws<ArgumentOutOfRangeException>(() => states.Step([0], [-1], new int[V]));
            Assert.Throws<ArgumentOutOfRangeException>(() => states.Step([0, 1], [1], new int[2 * V]));
            Assert.Throws<ArgumentOutOfRangeException>(() => states.Step([0], [1], new int[V - 1]));
            Assert.ThrowsAny<ArgumentException>(() => states.Reset(2));
            Assert.ThrowsAny<ArgumentException>(() => states.Copy(0, 2));
            states.Dispose();
        }
    }

    [Fact]
    public void Snapshots_are_run_by_the_kernel_unless_ONNX_Runtime_is_asked_for()
    {
        using ByteNetPredictor kernel = TestSnapshots.Load(TestSnapshots.Tiny);
        using ByteNetPredictor graph = TestSnapshots.Load(TestSnapshots.Tiny, GraphOptions.Default);
        using ByteNetPredictor unknown = ByteNetPredictor.Load(OnnxWriter.ByteNet().ToArray(),
            TestSnapshots.Table(TestSnapshots.Tiny), TestSnapshots.FrequencyBits, 64);
        Assert.Equal(DotProduct.Best.Name, kernel.Model.Executor.Name);
        Assert.Equal("onnx-runtime", graph.Model.Executor.Name);
        Assert.Equal("onnx-runtime", unknown.Model.Executor.Name);
        Assert.Equal(ExactnessRun.Of(graph, 9, 100, 4), ExactnessRun.Of(kernel, 9, 100, 9));
    }

    internal static IEnumerable<DotProduct> Dots() =>
        DotProduct.All.Where(dot => dot.IsSupported).Append(SignedRowsDot.Product);

    private static DotProduct Dot(string name) => Dots().Single(dot => dot.Name == name);

    private static ByteNetWeights Weights(string folder)
    {
        Assert.True(ByteNetGraphReader.TryRead(TestSnapshots.Graph(folder), out ByteNetWeights weights));
        return weights;
    }

    private static ByteNetExecutor Graph(string folder) =>
        ByteNetExecutor.Open(TestSnapshots.Graph(folder), TestSnapshots.LargestBatch, GraphOptions.Default);

    private static void Compare(string folder, ByteNetWeights weights, string way, int count, int steps)
    {
        using ByteNetExecutor graph = Graph(folder);
        using var kernel = new KernelExecutor(new ByteNetKernel(weights, Dot(way)));
        using ByteNetStates expected = graph.CreateStates(count), found = kernel.CreateStates(count);
        int[] lanes = [.. Enumerable.Range(0, count)];
        int[] tokens = new int[count];
        Array.Fill(tokens, ByteNetShape.StartToken);
        for (int step = 0; step < steps; step++)
        {
            AssertStep(expected, found, lanes, tokens, step % 16 == 0 || step == steps - 1 ? kernel.Shape : default);
            for (int lane = 0; lane < count; lane++)
            {
                tokens[lane] = ExactnessRun.Symbol(lane, step);
            }
        }
    }

    // A shape without states: logits alone.
    private static void AssertStep(ByteNetStates expected, ByteNetStates found, int[] lanes, int[] tokens,
        ByteNetShape shape)
    {
        int[] theirs = new int[lanes.Length * V], ours = new int[lanes.Length * V];
        expected.Step(lanes, tokens, theirs);
        found.Step(lanes, tokens, ours);
        Assert.Equal(theirs, ours);
        float[] theirState = new float[shape.States * shape.Width], ourState = new float[shape.States * shape.Width];
        foreach (int lane in shape.States == 0 ? [] : lanes)
        {
            expected.Save(lane, theirState);
            found.Save(lane, ourState);
            Assert.Equal(theirState.Select(BitConverter.SingleToInt32Bits),
                ourState.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
