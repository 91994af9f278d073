using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LinkCodec.Models.Bytes;

/// <summary>The inputs and outputs of a byte net's graph, checked before anything is run.</summary>
/// <param name="States">State tensors a stream has.</param>
/// <param name="Width">Floats of each in one stream.</param>
internal readonly record struct ByteNetShape(int States, int Width)
{
    /// <summary>The input with each lane's last symbol, and the output with the next one's logits.</summary>
    internal const string TokensName = "tokens";

    /// <inheritdoc cref="TokensName"/>
    internal const string LogitsName = "logits";

    /// <summary>Tokens: the bytes and START.</summary>
    internal const int Tokens = 257;

    /// <summary>The token before a message's first byte.</summary>
    internal const int StartToken = 256;

    /// <summary>A stream's state is at most this many floats: 1 MiB.</summary>
    internal const int MaxFloats = 1 << 18;

    /// <summary>State tensors are at most this many.</summary>
    internal const int MaxStates = 64;

    /// <summary>Name of the input that takes state <paramref name="k"/>.</summary>
    internal static string StateName(int k) => FormattableString.Invariant($"s{k}");

    /// <summary>Name of the output that gives state <paramref name="k"/> after the step.</summary>
    internal static string NextName(int k) => FormattableString.Invariant($"n{k}");

    /// <summary>Reads the shape from a graph's declarations.</summary>
    /// <exception cref="LinkException">The graph is not a byte net: an input or output is missing, extra, or of another
    /// type or shape.</exception>
    internal static ByteNetShape Of(GraphSession graph)
    {
        int states = graph.Inputs.Count - 1;
        if (states is < 1 or > MaxStates || graph.Outputs.Count != states + 1)
        {
            throw Refuse($"it has {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs");
        }

        Check(graph.Inputs, TokensName, TensorElementType.Int64, -1);
        Check(graph.Outputs, LogitsName, TensorElementType.Int32, -1, Predictor.ByteAlphabet); // spec 7.2-1
        int width = graph.Inputs.TryGetValue(StateName(0), out NodeMetadata? first) && first.IsTensor
            && first.Dimensions.Length == 2
            ? first.Dimensions[1]
            : 0;
        if (width < 1 || (long)width * states > MaxFloats)
        {
            throw Refuse($"a state of {states} times {width} floats is out of bounds");
        }

        for (int k = 0; k < states; k++)
        {
            Check(graph.Inputs, StateName(k), TensorElementType.Float, -1, width);
            Check(graph.Outputs, NextName(k), TensorElementType.Float, -1, width);
        }

        return new ByteNetShape(states, width);
    }

    /// <summary>Refuses a graph of other dimensions than its manifest states.</summary>
    /// <exception cref="LinkException">The shape is another one: SnapshotAltered.</exception>
    internal void Require(ByteNetworkShape stated, string location)
    {
        // spec 6.3-3
        if (this != new ByteNetShape(stated.StateTensors, stated.StateWidth))
        {
            throw new LinkException(
                LinkErrorCode.SnapshotAltered,
                $"{location}: expected {stated.StateTensors} states of {stated.StateWidth}, found {States} of "
                    + $"{Width}.");
        }
    }

    private static void Check(IReadOnlyDictionary<string, NodeMetadata> nodes, string name, TensorElementType type,
        params ReadOnlySpan<int> dimensions)
    {
        if (!nodes.TryGetValue(name, out NodeMetadata? node) || !node.IsTensor)
        {
            throw Refuse($"tensor '{name}' is missing");
        }

        if (node.ElementDataType != type || !dimensions.SequenceEqual(node.Dimensions))
        {
            throw Refuse($"'{name}' is {node.ElementDataType}[{string.Join(',', node.Dimensions)}] instead of "
                + $"{type}[{string.Join(',', dimensions.ToArray())}]");
        }
    }

    private static LinkException Refuse(string why) =>
        new(LinkErrorCode.SnapshotNotFound, $"The snapshot's graph is not a byte net: {why}.");
}
