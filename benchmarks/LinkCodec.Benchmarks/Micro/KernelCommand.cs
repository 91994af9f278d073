using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LinkCodec.CommandLine;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Bytes.Kernel;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>
/// What a step of the network costs, by who runs it: each way of the kernel that this processor has, and ONNX Runtime.
/// </summary>
/// <remarks>
/// One thread. The ways take turns, a few steps each, so that whatever else the machine does falls on all of them.
/// </remarks>
internal static class KernelCommand
{
    private const int Rounds = 61;
    private const int WorkOfATurn = 64; // lanes times steps, about

    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> graph = new("GRAPH")
        {
            Description = "The network's graph.",
            DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "snapshots", "mixed-1", "network-1.onnx"),
        };
        Command kernel = new("kernel",
            "Time of a step of the network by who runs it, and by number of streams.") { graph };
        examples[kernel] = "LinkCodec.Benchmarks kernel models/snapshots/mixed-1/network-1.onnx";
        kernel.SetAction(parsed => Run(parsed.GetValue(graph)!));
        return kernel;
    }

    private static int Run(string path)
    {
        byte[] graph = File.ReadAllBytes(path);
        long start = Stopwatch.GetTimestamp();
        if (!ByteNetGraphReader.TryRead(graph, out ByteNetWeights weights))
        {
            throw new UsageException("The kernel does not know this graph.");
        }

        long read = Stopwatch.GetTimestamp();
        using KernelExecutor first = KernelExecutor.Create(weights);
        long packed = Stopwatch.GetTimestamp();
        using (ByteNetStates states = first.CreateStates(1))
        {
            int[] logits = new int[ByteNetShape.Tokens];
            long ready = Stopwatch.GetTimestamp();
            states.Step([0], [ByteNetShape.StartToken], logits);
            long stepped = Stopwatch.GetTimestamp();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Width {weights.Width}, {weights.Layers.Length} layers. Graph read in {Micros(start, read) / 1000:F1} "
                    + $"ms, packed and compiled in {Micros(read, packed) / 1000:F1} ms, first step "
                    + $"{Micros(ready, stepped):F0} us.\n"));
        }

        ByteNetExecutor[] executors =
        [
            .. DotProduct.All.Where(dot => dot.IsSupported)
                .Select(dot => new KernelExecutor(new ByteNetKernel(weights, dot))),
            ByteNetExecutor.Open(graph, KernelWorkspace.Rows, GraphOptions.Default),
        ];
        Console.WriteLine(
            $"| lanes | {string.Join(" | ", executors.Select(executor => executor.Name))} | us a step (a lane) |");
        Console.WriteLine($"|---|{string.Concat(executors.Select(_ => "---|"))}---|");
        foreach (int lanes in new[] { 1, 2, 4, 8, 16, 32, 64 })
        {
            double[] medians = Medians(executors, lanes);
            IEnumerable<string> cells = medians.Select(
                median => string.Create(CultureInfo.InvariantCulture, $"{median:F0} ({median / lanes:F1})"));
            Console.WriteLine($"| {lanes} | {string.Join(" | ", cells)} | |");
        }

        Array.ForEach(executors, executor => executor.Dispose());
        return 0;
    }

    private static double[] Medians(ByteNetExecutor[] executors, int count)
    {
        ByteNetStates[] states = [.. executors.Select(executor => executor.CreateStates(count))];
        int[] lanes = [.. Enumerable.Range(0, count)];
        int[] tokens = [.. lanes.Select(lane => (int)'a' + (lane % 26))];
        int[] logits = new int[count * ByteNetShape.Tokens];
        double[][] times = [.. states.Select(_ => new double[Rounds])];
        int steps = Math.Max(4, WorkOfATurn / count);
        for (int round = -2; round < Rounds; round++)
        {
            for (int i = 0; i < states.Length; i++)
            {
                states[i].Step(lanes, tokens, logits); // its weights come back into the caches
                long start = Stopwatch.GetTimestamp();
                for (int step = 0; step < steps; step++)
                {
                    states[i].Step(lanes, tokens, logits);
                }

                if (round >= 0)
                {
                    times[i][round] = Micros(start, Stopwatch.GetTimestamp()) / steps;
                }
            }
        }

        Array.ForEach(states, state => state.Dispose());
        return [.. times.Select(values => values.Order().ElementAt(Rounds / 2))];
    }

    private static double Micros(long from, long to) => (to - from) * 1e6 / Stopwatch.Frequency;
}
