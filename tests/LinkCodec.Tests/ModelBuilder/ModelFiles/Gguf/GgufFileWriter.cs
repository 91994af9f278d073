using System.Text;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles.Gguf;

/// <summary>Builds a GGUF file in memory: good ones for round trips, and ones that a test then spoils.</summary>
internal sealed class GgufFileWriter
{
    internal const uint Float32 = 0;
    internal const uint Float16 = 1;
    internal const uint BFloat16 = 30;

    private readonly MemoryStream _metadata = new();
    private readonly MemoryStream _tensors = new();
    private readonly MemoryStream _data = new();
    private int _keys;
    private int _count;

    internal uint Version { get; init; } = 3;

    internal int Alignment { get; init; } = 32;

    /// <summary>
    /// Adds a value: string, bool, byte, int, uint, ulong, float, double, or an array of string, float, int, uint or
    /// bool.
    /// </summary>
    internal GgufFileWriter Set(string key, object value)
    {
        using BinaryWriter writer = On(_metadata);
        Text(writer, key);
        if (value is Array array)
        {
            Type element = array.GetType().GetElementType()!;
            writer.Write(9u);
            writer.Write(TypeOf(element));
            writer.Write((ulong)array.Length);
            foreach (object item in array)
            {
                Value(writer, item);
            }
        }
        else
        {
            writer.Write(TypeOf(value.GetType()));
            Value(writer, value);
        }

        _keys++;
        return this;
    }

    /// <summary>Adds a tensor whose bytes are there; the dimensions are as GGUF has them: columns, then rows.</summary>
    internal GgufFileWriter Tensor(string name, uint type, byte[] bytes, params ulong[] dimensions)
    {
        Pad(_data);
        TensorAt(name, type, (ulong)_data.Length, dimensions);
        _data.Write(bytes);
        return this;
    }

    /// <summary>Adds a tensor's entry alone, with an offset of the test's choice.</summary>
    internal GgufFileWriter TensorAt(string name, uint type, ulong offset, params ulong[] dimensions)
    {
        using BinaryWriter writer = On(_tensors);
        Text(writer, name);
        writer.Write((uint)dimensions.Length);
        Array.ForEach(dimensions, writer.Write);
        writer.Write(type);
        writer.Write(offset);
        _count++;
        return this;
    }

    internal byte[] ToArray(ulong? keys = null, ulong? tensors = null)
    {
        MemoryStream file = new();
        using BinaryWriter writer = On(file);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write(tensors ?? (ulong)_count);
        writer.Write(keys ?? (ulong)_keys);
        writer.Write(_metadata.ToArray());
        writer.Write(_tensors.ToArray());
        writer.Flush();
        Pad(file);
        file.Write(_data.ToArray());
        return file.ToArray();
    }

    private static BinaryWriter On(Stream stream) => new(stream, Encoding.UTF8, leaveOpen: true);

    private static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static uint TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 0,
        TypeCode.UInt32 => 4,
        TypeCode.Int32 => 5,
        TypeCode.Single => 6,
        TypeCode.Boolean => 7,
        TypeCode.String => 8,
        TypeCode.UInt64 => 10,
        TypeCode.Int64 => 11,
        TypeCode.Double => 12,
        _ => throw new ArgumentException($"no GGUF type for {type}"),
    };

    private static void Value(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                Text(writer, text);
                break;
            case byte number:
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case int number:
                writer.Write(number);
                break;
            case uint number:
                writer.Write(number);
                break;
            case ulong number:
                writer.Write(number);
                break;
            case long number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case double number:
                writer.Write(number);
                break;
            default:
                throw new ArgumentException($"no GGUF value: {value}");
        }
    }

    private void Pad(Stream stream)
    {
        while (stream.Length % Alignment != 0)
        {
            stream.WriteByte(0);
        }
    }
}
