using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LinkCodec.Models.Graphs.Format;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>Goes through a graph's nodes in their order, each of which has to be the one that is asked for.</summary>
/// <remarks>
/// Once a node is another one, <see cref="Failed"/> stays set, and every further answer is empty. Never throws.
/// </remarks>
internal sealed class GraphWalk
{
    private readonly OnnxGraph _graph;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal); // names of everything a later node may read
    private int _next;

    internal GraphWalk(OnnxGraph graph)
    {
        _graph = graph;
        foreach (string name in graph.Constants.Keys.Concat(graph.Inputs.Select(input => input.Name)))
        {
            Require(_names.Add(name));
        }
    }

    /// <summary>Whether the graph is another one.</summary>
    internal bool Failed { get; private set; }

    /// <summary>Whether every node has been visited.</summary>
    internal bool AtEnd => _next == _graph.Nodes.Count;

    /// <summary>Whether the next node is this one; stays before it.</summary>
    internal bool IsNext(string operation, params ReadOnlySpan<string> inputs) =>
        !Failed && !AtEnd && _graph.Nodes[_next].Operator == operation && Same(_graph.Nodes[_next].Inputs, inputs);

    /// <summary>Demands something.</summary>
    internal void Require(bool holds) => Failed |= !holds;

    /// <summary>Visits a node of these inputs, one output and no attributes.</summary>
    /// <returns>The name of the node's output.</returns>
    internal string Node(string operation, params ReadOnlySpan<string> inputs) => Node(operation, inputs, "", false, 0);

    /// <summary>Visits a node of one attribute, a whole number.</summary>
    /// <returns>The name of the node's output.</returns>
    internal string Node(string operation, ReadOnlySpan<string> inputs, string attribute, long value) =>
        Node(operation, inputs, attribute, false, value);

    /// <summary>Visits the largest of each row.</summary>
    /// <returns>The name of the node's output.</returns>
    internal string ReduceMax(string input)
    {
        OnnxNode? node = Take("ReduceMax", [input], 1);
        Require(node?.Attributes.Count == 2 && Has(node.Attributes[0], "axes", true, -1)
            && Has(node.Attributes[1], "keepdims", false, 1));
        return Output(node, 0);
    }

    /// <summary>Visits the cut of a row into three.</summary>
    /// <returns>The names of the node's outputs.</returns>
    internal (string First, string Second, string Third) Split(string input, string sizes)
    {
        OnnxNode? node = Take("Split", [input, sizes], 3);
        Require(node?.Attributes.Count == 1 && Has(node.Attributes[0], "axis", false, -1));
        return (Output(node, 0), Output(node, 1), Output(node, 2));
    }

    /// <summary>Name of an input of the next node.</summary>
    internal string Input(int index) =>
        !Failed && !AtEnd && index < _graph.Nodes[_next].Inputs.Count ? _graph.Nodes[_next].Inputs[index] : Nothing();

    /// <summary>Dimensions of a constant; empty if there is none of that name.</summary>
    internal IReadOnlyList<long> Dimensions(string name)
    {
        Require(_graph.Constants.ContainsKey(name));
        return Failed ? [] : _graph.Constants[name].Dimensions;
    }

    /// <summary>
    /// A constant's floats, all finite; these dimensions, or any number of them if there are none given.
    /// </summary>
    internal float[] Floats(string name, params ReadOnlySpan<long> dimensions)
    {
        ReadOnlySpan<byte> bytes = Constant(name, OnnxTypes.Float, sizeof(float), dimensions);
        float[] values = new float[bytes.Length / sizeof(float)];
        Require(TryFloats(bytes, values));
        return values;
    }

    /// <summary>A constant's bytes of one sign or the other.</summary>
    internal sbyte[] SignedBytes(string name, params ReadOnlySpan<long> dimensions) =>
        MemoryMarshal.Cast<byte, sbyte>(Constant(name, OnnxTypes.Int8, sizeof(sbyte), dimensions)).ToArray();

    /// <summary>Demands that a constant is this one number, whether in no dimension or in one.</summary>
    internal void RequireNumber(string name, float value)
    {
        float[] values = Floats(name, Scalar(name));
        Require(values.Length == 1
            && BitConverter.SingleToUInt32Bits(values[0]) == BitConverter.SingleToUInt32Bits(value));
    }

    /// <summary>Demands that a constant is this one unsigned byte.</summary>
    internal void RequireByte(string name, byte value)
    {
        ReadOnlySpan<byte> bytes = Constant(name, OnnxTypes.UInt8, sizeof(byte), Scalar(name));
        Require(bytes.Length == 1 && bytes[0] == value);
    }

    /// <summary>Demands that a constant is this row of whole numbers.</summary>
    internal void RequireIntegers(string name, params ReadOnlySpan<long> values)
    {
        ReadOnlySpan<byte> bytes = Constant(name, OnnxTypes.Int64, sizeof(long), [values.Length]);
        for (int i = 0; !Failed && i < values.Length; i++)
        {
            Require(BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]) == values[i]);
        }
    }

    private static bool Same(IReadOnlyList<string> names, ReadOnlySpan<string> others)
    {
        bool same = names.Count == others.Length;
        for (int i = 0; same && i < others.Length; i++)
        {
            same = names[i] == others[i];
        }

        return same;
    }

    private static bool Has(OnnxAttribute attribute, string name, bool isList, long value) =>
        attribute.Name == name && attribute.IsList == isList && attribute.Values.Count == 1
            && attribute.Values[0] == value;

    // In full from the first call on: an embedding has many.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryFloats(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        bool finite = true;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
            finite &= float.IsFinite(values[i]);
        }

        return finite;
    }

    private string Node(string operation, ReadOnlySpan<string> inputs, string attribute, bool isList, long value)
    {
        OnnxNode? node = Take(operation, inputs, 1);
        Require(attribute.Length == 0 ? node?.Attributes.Count == 0 : node?.Attributes.Count == 1
            && Has(node.Attributes[0], attribute, isList, value));
        return Output(node, 0);
    }

    private OnnxNode? Take(string operation, ReadOnlySpan<string> inputs, int outputs)
    {
        Require(IsNext(operation, inputs) && _graph.Nodes[_next].Outputs.Count == outputs);
        if (Failed)
        {
            return null;
        }

        OnnxNode node = _graph.Nodes[_next++];
        foreach (string output in node.Outputs)
        {
            Require(_names.Add(output)); // each name stands for one value
        }

        return node;
    }

    private string Output(OnnxNode? node, int index) => Failed ? Nothing() : node!.Outputs[index];

    private string Nothing()
    {
        Failed = true;
        return "";
    }

    // The exporter writes single numbers as rows of one, which mean the same.
    private long[] Scalar(string name) => Dimensions(name).Count == 0 ? [] : [1];

    private ReadOnlySpan<byte> Constant(string name, int type, int size, ReadOnlySpan<long> dimensions)
    {
        Require(_graph.Constants.TryGetValue(name, out OnnxConstant? constant) && constant.Type == type
            && constant.Dimensions.Count == dimensions.Length);
        UInt128 bytes = (UInt128)size;
        for (int i = 0; !Failed && i < dimensions.Length; i++)
        {
            Require(constant!.Dimensions[i] == dimensions[i] && dimensions[i] is > 0 and <= int.MaxValue);
            bytes *= (UInt128)(ulong)dimensions[i];
        }

        Require(constant is not null && bytes == (UInt128)(ulong)constant.Bytes.Length);
        return Failed ? [] : constant!.Bytes.Span;
    }
}
