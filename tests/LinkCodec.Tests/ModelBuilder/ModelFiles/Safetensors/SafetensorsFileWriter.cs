using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles.Safetensors;

/// <summary>Builds a safetensors file in memory.</summary>
internal sealed class SafetensorsFileWriter
{
    private readonly Dictionary<string, object> _header = [];
    private readonly MemoryStream _data = new();

    /// <summary>The names, in the order in which they were added.</summary>
    internal IEnumerable<string> Names => _header.Keys;

    /// <summary>Adds a tensor with the numbers' bytes.</summary>
    internal SafetensorsFileWriter Tensor(string name, string type, byte[] bytes, params int[] shape)
    {
        _header[name] = new { dtype = type, shape, data_offsets = new[] { _data.Length, _data.Length + bytes.Length } };
        _data.Write(bytes);
        return this;
    }

    internal byte[] ToArray() => Join(JsonSerializer.Serialize(_header), _data.ToArray());

    /// <summary>A file of this header, whatever it says, and this data.</summary>
    internal static byte[] Join(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
