using System.Text;
using LinkCodec.Models.Graphs.Format;

namespace LinkCodec.Tests.Bytes;

/// <summary>Writes small ONNX files (protocol buffers by hand), well-formed ones that lie included.</summary>
internal sealed class OnnxWriter
{
    internal const int Float = 1;
    internal const int Int32 = 6;
    internal const int Int64 = 7;
    private readonly List<byte> _graph = [];

    /// <summary>
    /// A byte net of one state whose logits are the last token: what the loader accepts, for tests to spoil.
    /// </summary>
    internal static OnnxWriter ByteNet(int states = 1, int width = 4, int logits = Int32, int symbols = 257,
        string tokens = "tokens", int? batch = null, int stateType = Float)
    {
        var onnx = new OnnxWriter();
        onnx.Constant("one", 1).Node("Unsqueeze", [tokens, "one"], "column");
        onnx.Constant("shape", 1, symbols).Node("Expand", ["column", "shape"], "wide").Cast("wide", "logits", logits);
        onnx.Value(11, tokens, Int64, batch).Value(12, "logits", logits, batch, symbols);
        for (int k = 0; k < states; k++)
        {
            onnx.Node("Abs", [$"s{k}"], $"n{k}").Value(11, $"s{k}", stateType, batch, width)
                .Value(12, $"n{k}", stateType, batch, width);
        }

        return onnx;
    }

    internal OnnxWriter Node(string operation, string[] inputs, string output) =>
        Add(1, Node(operation, inputs, output, []));

    internal OnnxWriter Input(string name, int type, params int?[] dimensions) => Value(11, name, type, dimensions);

    internal OnnxWriter Output(string name, int type, params int?[] dimensions) => Value(12, name, type, dimensions);

    internal OnnxWriter Constant(string name, params int[] values)
    {
        List<byte> attribute = [.. Text(1, "value_ints"), .. Number(20, 7)];
        foreach (int value in values)
        {
            attribute.AddRange(Number(8, value));
        }

        return Add(1, Node("Constant", [], name, Field(5, attribute)));
    }

    internal OnnxWriter Cast(string input, string output, int type) =>
        Add(1, Node("Cast", [input], output, Field(5, [.. Text(1, "to"), .. Number(20, 2), .. Number(3, type)])));

    /// <summary>Floats whose values lie in a file beside the graph.</summary>
    internal OnnxWriter External(string name, int count, string file) =>
        Add(5, [.. Number(1, count), .. Number(2, Float), .. Text(8, name),
            .. Field(13, [.. Text(1, "location"), .. Text(2, file)]), .. Number(14, 1)]);

    internal byte[] ToArray() =>
        [.. Number(1, 8), .. Field(7, [.. _graph, .. Text(2, "test")]),
            .. Field(8, [.. Text(1, ""), .. Number(2, 17)])];

    private static List<byte> Node(string operation, string[] inputs, string output, List<byte> attribute) =>
        [.. inputs.SelectMany(i => Text(1, i)), .. Text(2, output), .. Text(4, operation), .. attribute];

    private static List<byte> Text(int field, string text) => Field(field, [.. Encoding.UTF8.GetBytes(text)]);

    private static List<byte> Field(int field, List<byte> bytes) =>
        [.. VarInt(((ulong)field << 3) | 2), .. VarInt((ulong)bytes.Count), .. bytes];

    private static List<byte> Number(int field, long value) => [.. VarInt((ulong)field << 3), .. VarInt((ulong)value)];

    private static List<byte> VarInt(ulong value)
    {
        List<byte> bytes = [];
        for (; value > 127; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        bytes.Add((byte)value);
        return bytes;
    }

    private OnnxWriter Value(int field, string name, int type, params int?[] dimensions)
    {
        // A dimension without a number is the batch's, by name.
        List<byte> shape = [.. dimensions.SelectMany(d => Field(1, d is int n ? Number(1, n) : Text(2, "B")))];
        return Add(field, [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, type), .. Field(2, shape)]))]);
    }

    private OnnxWriter Add(int field, List<byte> bytes)
    {
        _graph.AddRange(Field(field, bytes));
        return this;
    }
}
