using System.Text;

namespace LinkCodec.Models.Graphs.Format;

/// <summary>Reads the part of the ONNX format that exported byte nets use, and nothing beyond it.</summary>
/// <remarks>
/// Strict, so that a file means here what it means to any other reader: a field that is not known here, one that comes
/// twice but may come once, a name that is used twice, other than printable ASCII in a name or a constant in another
/// file is refused, never skipped. Memory grows with the file's bytes alone, at most a small multiple of them; no
/// constant is copied. Field numbers: onnx.proto3 of the ONNX project.
/// </remarks>
internal static class OnnxReader
{
    /// <summary>More nodes, constants, inputs or outputs than this are refused.</summary>
    internal const int MostItems = 8192;

    private const int MostNames = 64;
    private const int MostDimensions = 8;
    private const int MostNameBytes = 256;
    private const int IntAttribute = 2;
    private const int IntsAttribute = 7;

    /// <summary>Reads a file.</summary>
    /// <returns>False for anything else than such a file.</returns>
    internal static bool TryRead(ReadOnlyMemory<byte> file, out OnnxGraph graph)
    {
        graph = null!;
        ReadOnlyMemory<byte>? body = null;
        long? opset = null, version = null;
        bool producer = false;
        var reader = new ProtoReader(file);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, false) => TrySet(ref version, reader.Number),
                (2, true) => !producer && (producer = true),
                (7, true) => TrySet(ref body, reader.Bytes),
                (8, true) => TryOpset(reader.Bytes, out long number) && TrySet(ref opset, number),
                _ => false,
            };
            if (!read)
            {
                return false;
            }
        }

        return !reader.Malformed && version is >= 8 and <= 10 && opset is not null && body is not null
            && TryGraph(body.Value, opset.Value, out graph);
    }

    private static bool TryOpset(ReadOnlyMemory<byte> bytes, out long version)
    {
        version = 0;
        long? number = null;
        bool domain = false;
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, true) => !domain && (domain = reader.Bytes.IsEmpty), // the standard operators have no domain
                (2, false) => TrySet(ref number, reader.Number),
                _ => false,
            };
            if (!read)
            {
                return false;
            }
        }

        version = number ?? 0;
        return !reader.Malformed && number is not null;
    }

    private static bool TryGraph(ReadOnlyMemory<byte> bytes, long opset, out OnnxGraph graph)
    {
        List<OnnxNode> nodes = [];
        Dictionary<string, OnnxConstant> constants = new(StringComparer.Ordinal);
        List<OnnxValue> inputs = [], outputs = [];
        bool named = false;
        graph = new OnnxGraph(opset, nodes, constants, inputs, outputs);
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, true) => TryNode(reader.Bytes, nodes),
                (2, true) => !named && (named = true),
                (5, true) => TryConstant(reader.Bytes, constants),
                (11, true) => TryValue(reader.Bytes, inputs),
                (12, true) => TryValue(reader.Bytes, outputs),
                _ => false,
            };
            if (!read
                || Math.Max(Math.Max(nodes.Count, constants.Count), Math.Max(inputs.Count, outputs.Count)) > MostItems)
            {
                return false;
            }
        }

        return !reader.Malformed;
    }

    private static bool TryNode(ReadOnlyMemory<byte> bytes, List<OnnxNode> nodes)
    {
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        string? operation = null;
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, true) => inputs.Count < MostNames && TryName(reader.Bytes, inputs),
                (2, true) => outputs.Count < MostNames && TryName(reader.Bytes, outputs),
                (4, true) => operation is null && TryName(reader.Bytes, out operation),
                (5, true) => attributes.Count < MostNames && TryAttribute(reader.Bytes, attributes),
                _ => false,
            };
            if (!read)
            {
                return false;
            }
        }

        nodes.Add(new OnnxNode(operation ?? "", inputs, outputs, attributes));
        return !reader.Malformed && operation is not null;
    }

    private static bool TryAttribute(ReadOnlyMemory<byte> bytes, List<OnnxAttribute> attributes)
    {
        string? name = null;
        long? single = null, type = null;
        List<long> list = [];
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, true) => name is null && TryName(reader.Bytes, out name),
                (3, false) => TrySet(ref single, reader.Number),
                (8, false) => TryAdd(list, reader.Number),
                (20, false) => TrySet(ref type, reader.Number),
                _ => false,
            };
            if (!read)
            {
                return false;
            }
        }

        bool sound = type == IntAttribute ? single is not null && list.Count == 0 : type == IntsAttribute
            && single is null;
        attributes.Add(new OnnxAttribute(name ?? "", type == IntsAttribute, single is long value ? [value] : list));
        return !reader.Malformed && sound && name is not null;
    }

    private static bool TryConstant(ReadOnlyMemory<byte> bytes, Dictionary<string, OnnxConstant> constants)
    {
        string? name = null;
        long? type = null;
        ReadOnlyMemory<byte>? raw = null;
        List<long> dimensions = [];
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, false) => TryAdd(dimensions, reader.Number),
                (2, false) => TrySet(ref type, reader.Number),
                (8, true) => name is null && TryName(reader.Bytes, out name),
                (9, true) => TrySet(ref raw, reader.Bytes),
                _ => false,
            };
            if (!read)
            {
                return false;
            }
        }

        return !reader.Malformed && name is not null && raw is not null && type is > 0 and < int.MaxValue
            && constants.TryAdd(name, new OnnxConstant((int)type, dimensions, raw.Value));
    }

    private static bool TryValue(ReadOnlyMemory<byte> bytes, List<OnnxValue> values)
    {
        string? name = null;
        long? type = null;
        List<long> dimensions = [];
        bool typed = false;
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, true) => name is null && TryName(reader.Bytes, out name),
                (2, true) => !typed && (typed = TryTensorType(reader.Bytes, out type, dimensions)),
                _ => false,
            };
            if (!read)
            {
                return false;
            }
        }

        values.Add(new OnnxValue(name ?? "", (int)(type ?? 0), dimensions));
        return !reader.Malformed && name is not null && type is > 0 and < int.MaxValue;
    }

    private static bool TryTensorType(ReadOnlyMemory<byte> bytes, out long? type, List<long> dimensions)
    {
        type = null;
        return TryOnly(bytes, 1, out ReadOnlyMemory<byte> tensor) && TryTensor(tensor, out type, dimensions);
    }

    private static bool TryTensor(ReadOnlyMemory<byte> bytes, out long? type, List<long> dimensions)
    {
        type = null;
        ReadOnlyMemory<byte>? shape = null;
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            bool read = (reader.Field, reader.IsBytes) switch
            {
                (1, false) => TrySet(ref type, reader.Number),
                (2, true) => TrySet(ref shape, reader.Bytes),
                _ => false,
            };
            if (!read)
            {
                return false;
            }
        }

        return !reader.Malformed && shape is not null && TryShape(shape.Value, dimensions);
    }

    private static bool TryShape(ReadOnlyMemory<byte> bytes, List<long> dimensions)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            if (reader.Field != 1 || !reader.IsBytes || dimensions.Count == MostDimensions)
            {
                return false;
            }

            // A dimension is a number or a name.
            var dimension = new ProtoReader(reader.Bytes);
            if (!dimension.Next() || dimension.Field != (dimension.IsBytes ? 2 : 1)
                || (!dimension.IsBytes && dimension.Number < 0))
            {
                return false;
            }

            dimensions.Add(dimension.IsBytes ? -1 : dimension.Number);
            if (!Ended(ref dimension))
            {
                return false;
            }
        }

        return !reader.Malformed;
    }

    private static bool TryOnly(ReadOnlyMemory<byte> bytes, int field, out ReadOnlyMemory<byte> content)
    {
        var reader = new ProtoReader(bytes);
        bool read = reader.Next() && reader.Field == field && reader.IsBytes;
        content = reader.Bytes;
        return read && Ended(ref reader);
    }

    /// <summary>Whether nothing is left: goes one further.</summary>
    private static bool Ended(ref ProtoReader reader) => !reader.Next() && !reader.Malformed;

    private static bool TrySet<T>(ref T? once, T value)
        where T : struct
    {
        bool first = once is null;
        once = value;
        return first;
    }

    private static bool TryAdd(List<long> numbers, long number)
    {
        numbers.Add(number);
        return numbers.Count <= MostDimensions;
    }

    private static bool TryName(ReadOnlyMemory<byte> bytes, List<string> names)
    {
        bool read = TryName(bytes, out string? name);
        names.Add(name ?? "");
        return read;
    }

    private static bool TryName(ReadOnlyMemory<byte> bytes, out string? name)
    {
        name = null;
        ReadOnlySpan<byte> text = bytes.Span;
        if (text.Length is 0 or > MostNameBytes || text.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return false;
        }

        name = Encoding.ASCII.GetString(text);
        return true;
    }
}
