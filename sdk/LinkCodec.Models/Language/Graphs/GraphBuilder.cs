using System.Runtime.InteropServices;
using LinkCodec.Models.Graphs.Format;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>Gathers nodes and constants of a graph; names of values are its own, but where one is asked for.</summary>
internal sealed class GraphBuilder
{
    private const int Opset = 21; // the first version whose QuantizeLinear gives 16 bits
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxConstant> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _scalars = new(StringComparer.Ordinal);
    private readonly List<OnnxValue> _inputs = [], _outputs = [], _apart = [];

    /// <summary>Adds an input; a dimension of -1 varies.</summary>
    internal string Input(string name, int type, params long[] dimensions)
    {
        _inputs.Add(new OnnxValue(name, type, dimensions));
        return name;
    }

    /// <summary>Says that a value is an output. It has to be some node's own: a node that renames copies.</summary>
    internal void Output(string name, int type, params long[] dimensions) =>
        _outputs.Add(new OnnxValue(name, type, dimensions));

    /// <summary>Adds a constant that the session is handed apart.</summary>
    internal string Apart(string name, int type, params long[] dimensions)
    {
        _apart.Add(new OnnxValue(name, type, dimensions));
        return name;
    }

    /// <summary>Adds a constant to the file.</summary>
    internal string Constant<T>(int type, ReadOnlySpan<T> values, params long[] dimensions)
        where T : unmanaged
    {
        string name = "c" + _constants.Count;
        _constants.Add(name, new OnnxConstant(type, dimensions, MemoryMarshal.AsBytes(values).ToArray()));
        return name;
    }

    /// <summary>A constant vector or, with <paramref name="dimensions"/>, tensor of floats.</summary>
    internal string Floats(ReadOnlySpan<float> values, params long[] dimensions) =>
        Constant(OnnxTypes.Float, values, dimensions.Length == 0 ? [values.Length] : dimensions);

    /// <summary>A number as a tensor without dimensions; the same one once.</summary>
    internal string Scalar<T>(int type, T value)
        where T : unmanaged
    {
        ReadOnlySpan<T> one = [value];
        string key = type + ":" + Convert.ToHexString(MemoryMarshal.AsBytes(one));
        return _scalars.TryGetValue(key, out string? name) ? name : _scalars[key] = Constant(type, one);
    }

    /// <summary>A float.</summary>
    internal string Scalar(float value) => Scalar(OnnxTypes.Float, value);

    /// <summary>A list of whole numbers, as axes and shapes are; the same one once.</summary>
    internal string Longs(params ReadOnlySpan<long> values)
    {
        string key = "longs:" + string.Join(',', values.ToArray());
        return _scalars.TryGetValue(key, out string? name) ? name : _scalars[key] = Constant(OnnxTypes.Int64, values,
            values.Length);
    }

    /// <summary>Adds a node with one output.</summary>
    internal string Node(string operation, params ReadOnlySpan<string> inputs) => Named(null, operation, [], inputs);

    /// <summary>Adds a node with one output and one attribute.</summary>
    internal string Node(string operation, OnnxAttribute attribute, params ReadOnlySpan<string> inputs) =>
        Named(null, operation, [attribute], inputs);

    /// <summary>Adds a node whose output has a given name.</summary>
    internal string Named(string? output, string operation, IReadOnlyList<OnnxAttribute> attributes,
        params ReadOnlySpan<string> inputs)
    {
        output ??= "v" + _nodes.Count;
        _nodes.Add(new OnnxNode(operation, inputs.ToArray(), [output], attributes));
        return output;
    }

    /// <summary>Cuts a value along an axis.</summary>
    internal (string First, string Second) Split(string value, int axis, string sizes)
    {
        string first = "v" + _nodes.Count, second = first + "b";
        _nodes.Add(new OnnxNode("Split", [value, sizes], [first, second], [Axis(axis)]));
        return (first, second);
    }

    /// <summary>Cuts a value into two halves along an axis.</summary>
    internal (string First, string Second) Halves(string value, int axis)
    {
        string first = "v" + _nodes.Count, second = first + "b";
        _nodes.Add(new OnnxNode("Split", [value], [first, second],
            [Axis(axis), new OnnxAttribute("num_outputs", false, [2])]));
        return (first, second);
    }

    /// <summary>Changes the type.</summary>
    internal string Cast(string value, int type) => Node("Cast", new OnnxAttribute("to", false, [type]), value);

    /// <summary>Changes the order of axes.</summary>
    internal string Transpose(string value, params long[] order) =>
        Node("Transpose", new OnnxAttribute("perm", true, order), value);

    /// <summary>The attribute "axis".</summary>
    internal static OnnxAttribute Axis(int axis) => new("axis", false, [axis]);

    /// <summary>The model file.</summary>
    internal byte[] ToModel() => OnnxWriter.Write(new OnnxGraph(Opset, _nodes, _constants, _inputs, _outputs), _apart);
}
