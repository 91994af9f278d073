namespace LinkCodec.Models.Graphs.Format;

/// <summary>A graph as an ONNX file describes it. The file's bytes have to stay as they are.</summary>
/// <param name="Opset">Version of the standard operators, the only ones there are.</param>
/// <param name="Nodes">The nodes, in the file's order.</param>
/// <param name="Constants">Initialisers by name.</param>
/// <param name="Inputs">The inputs, in the file's order.</param>
/// <param name="Outputs">The outputs, in the file's order.</param>
internal sealed record OnnxGraph(
    long Opset, IReadOnlyList<OnnxNode> Nodes, IReadOnlyDictionary<string, OnnxConstant> Constants,
    IReadOnlyList<OnnxValue> Inputs, IReadOnlyList<OnnxValue> Outputs);

/// <summary>One use of an operator.</summary>
internal sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>An attribute of one whole number, or of a list of them.</summary>
internal sealed record OnnxAttribute(string Name, bool IsList, IReadOnlyList<long> Values);

/// <summary>A constant tensor.</summary>
/// <param name="Type">ONNX's number of the element type.</param>
/// <param name="Dimensions">The dimensions as written; not checked against the bytes.</param>
/// <param name="Bytes">The elements, little-endian, a part of the file.</param>
internal sealed record OnnxConstant(int Type, IReadOnlyList<long> Dimensions, ReadOnlyMemory<byte> Bytes);

/// <summary>An input or output: a tensor. A dimension without a number is -1.</summary>
internal sealed record OnnxValue(string Name, int Type, IReadOnlyList<long> Dimensions);

/// <summary>ONNX's numbers of the element types that our graphs use.</summary>
internal static class OnnxTypes
{
    internal const int Float = 1;
    internal const int UInt8 = 2;
    internal const int Int8 = 3;
    internal const int UInt16 = 4;
    internal const int Int16 = 5;
    internal const int Int32 = 6;
    internal const int Int64 = 7;
    internal const int Double = 11;
}
