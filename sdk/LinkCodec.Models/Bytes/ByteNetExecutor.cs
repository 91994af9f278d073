using LinkCodec.Core.Primitives;
using LinkCodec.Models.Bytes.Kernel;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes;

/// <summary>Runs a byte net: the kernel in C#, or ONNX Runtime. Both give the same bits.</summary>
/// <remarks>Shared by lanes on any threads. States live on after their executor is disposed of.</remarks>
internal abstract class ByteNetExecutor : IDisposable
{
    /// <summary>The executor's name, for people.</summary>
    internal abstract string Name { get; }

    /// <summary>A lane's state.</summary>
    internal abstract ByteNetShape Shape { get; }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>
    /// Loads a network from its graph: for the kernel if it recognises the graph, and otherwise for ONNX Runtime.
    /// </summary>
    /// <param name="graph">The ONNX file's bytes; they have to stay as they are during the call.</param>
    /// <param name="largestBatch">Rows that one run of a graph may take, 1 or more; larger steps are split.</param>
    /// <param name="options">Given: run it with ONNX Runtime, and how.</param>
    /// <exception cref="LinkException">The graph is not a byte net's.</exception>
    internal static ByteNetExecutor Open(byte[] graph, int largestBatch, GraphOptions? options) =>
        options is null && ByteNetGraphReader.TryRead(graph, out ByteNetWeights weights)
            ? KernelExecutor.Create(weights)
            : GraphExecutor.Load(graph, largestBatch, options ?? GraphOptions.Default);

    /// <summary>Makes lanes in the zero state.</summary>
    /// <exception cref="ObjectDisposedException">The executor is disposed of.</exception>
    internal abstract ByteNetStates CreateStates(int capacity);
}
