using Google.Protobuf;

namespace LinkCodec.Models.Graphs.Format;

/// <summary>
/// Writes what <see cref="OnnxReader"/> reads, and constants that the runtime is handed apart. Field numbers:
/// onnx.proto3 of the ONNX project.
/// </summary>
internal static class OnnxWriter
{
    private const int Version = 10; // version of the format, which goes with operators of version 21
    private const int IntAttribute = 2;
    private const int IntsAttribute = 7;
    private const int External = 1;

    /// <summary>A model file. The same graph gives the same bytes.</summary>
    /// <param name="graph">The graph, whose constants are written in the order of their names.</param>
    /// <param name="apart">Constants whose bytes are not in the file: the session is given them under their
    /// names.</param>
    internal static byte[] Write(OnnxGraph graph, IReadOnlyList<OnnxValue> apart) => Message(model =>
    {
        Number(model, 1, Version);
        Bytes(model, 7, Message(body =>
        {
            foreach (OnnxNode node in graph.Nodes)
            {
                Bytes(body, 1, Node(node));
            }

            Text(body, 2, "linkcodec");
            foreach ((string name, OnnxConstant constant) in graph.Constants.OrderBy(c => c.Key,
                StringComparer.Ordinal))
            {
                Bytes(body, 5, Constant(name, constant));
            }

            foreach (OnnxValue value in apart)
            {
                Bytes(body, 5, Apart(value));
            }

            foreach (OnnxValue input in graph.Inputs)
            {
                Bytes(body, 11, Value(input));
            }

            foreach (OnnxValue output in graph.Outputs)
            {
                Bytes(body, 12, Value(output));
            }
        }));
        Bytes(model, 8, Message(opset => Number(opset, 2, graph.Opset)));
    });

    private static byte[] Node(OnnxNode node) => Message(to =>
    {
        foreach (string input in node.Inputs)
        {
            Text(to, 1, input);
        }

        foreach (string output in node.Outputs)
        {
            Text(to, 2, output);
        }

        Text(to, 4, node.Operator);
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            Bytes(to, 5, Attribute(attribute));
        }
    });

    private static byte[] Attribute(OnnxAttribute attribute) => Message(to =>
    {
        Text(to, 1, attribute.Name);
        foreach (long value in attribute.Values)
        {
            Number(to, attribute.IsList ? 8 : 3, value);
        }

        Number(to, 20, attribute.IsList ? IntsAttribute : IntAttribute);
    });

    private static byte[] Constant(string name, OnnxConstant constant) => Message(to =>
    {
        Form(to, name, constant.Type, constant.Dimensions);
        to.WriteTag(9, WireFormat.WireType.LengthDelimited);
        to.WriteBytes(UnsafeByteOperations.UnsafeWrap(constant.Bytes));
    });

    // The runtime checks that the place exists, though it has been given the bytes and never opens it: a folder does,
    // and can't be read as a file.
    private static byte[] Apart(OnnxValue value) => Message(to =>
    {
        Form(to, value.Name, value.Type, value.Dimensions);
        Bytes(to, 13, Message(entry =>
        {
            Text(entry, 1, "location");
            Text(entry, 2, ".");
        }));
        Number(to, 14, External);
    });

    private static void Form(CodedOutputStream to, string name, int type, IReadOnlyList<long> dimensions)
    {
        foreach (long dimension in dimensions)
        {
            Number(to, 1, dimension);
        }

        Number(to, 2, type);
        Text(to, 8, name);
    }

    private static byte[] Value(OnnxValue value) => Message(to =>
    {
        Text(to, 1, value.Name);
        byte[] shape = Message(of =>
        {
            for (int i = 0; i < value.Dimensions.Count; i++)
            {
                Bytes(of, 1, Dimension(value, i));
            }
        });
        byte[] tensor = Message(of =>
        {
            Number(of, 1, value.Type);
            Bytes(of, 2, shape);
        });
        Bytes(to, 2, Message(of => Bytes(of, 1, tensor)));
    });

    private static byte[] Dimension(OnnxValue value, int index) => Message(to =>
    {
        long size = value.Dimensions[index];
        if (size < 0)
        {
            Text(to, 2, value.Name + index); // the dimension's own name: nothing is said about it but that it varies
        }
        else
        {
            Number(to, 1, size);
        }
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using var stream = new CodedOutputStream(bytes, leaveOpen: true);
        write(stream);
        stream.Flush();
        return bytes.ToArray();
    }

    private static void Number(CodedOutputStream to, int field, long value)
    {
        to.WriteTag(field, WireFormat.WireType.Varint);
        to.WriteInt64(value);
    }

    private static void Text(CodedOutputStream to, int field, string value)
    {
        to.WriteTag(field, WireFormat.WireType.LengthDelimited);
        to.WriteString(value);
    }

    private static void Bytes(CodedOutputStream to, int field, byte[] value)
    {
        to.WriteTag(field, WireFormat.WireType.LengthDelimited);
        to.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }
}
