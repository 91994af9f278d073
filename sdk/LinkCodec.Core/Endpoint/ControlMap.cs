using System.Buffers;
using MessagePack;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The maps that CONTROL frames carry: small integer keys, of which those with integers and truth values are read, and
/// all others ignored. Spec: protocol-spec/04-frames.md, section 4.2.
/// </summary>
internal static class ControlMap
{
    /// <summary>Writes a map.</summary>
    public static byte[] Write(params ReadOnlySpan<(int Key, ulong Value)> entries)
    {
        ArrayBufferWriter<byte> buffer = new();
        MessagePackWriter writer = new(buffer);
        writer.WriteMapHeader(entries.Length);
        foreach ((int key, ulong value) in entries)
        {
            writer.Write(key);
            writer.Write(value);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads a map, true as 1 and false as 0; null for bytes that are none. Peer bytes: never throws.
    /// </summary>
    public static Dictionary<int, ulong>? Read(byte[] map)
    {
        try
        {
            MessagePackReader reader = new(map);
            int count = reader.ReadMapHeader();
            Dictionary<int, ulong> entries = [];
            for (int i = 0; i < count; i++)
            {
                int key = reader.ReadInt32();
                switch (reader.NextMessagePackType)
                {
                    case MessagePackType.Integer: entries[key] = reader.ReadUInt64(); break;
                    case MessagePackType.Boolean: entries[key] = reader.ReadBoolean() ? 1UL : 0; break;
                    default: Skip(ref reader); break;
                }
            }

            return entries;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException
            or ArgumentOutOfRangeException)
        {
            return null; // MessagePack finds lengths of 2^31 and more out of range.
        }
    }

    // MessagePack's own Skip takes arrays and maps of 2^31 values and more for empty ones.
    private static void Skip(ref MessagePackReader reader)
    {
        for (long left = 1; left > 0; left--)
        {
            switch (reader.NextMessagePackType)
            {
                case MessagePackType.Array: left += reader.ReadArrayHeader(); break;
                case MessagePackType.Map: left += 2L * reader.ReadMapHeader(); break;
                default: reader.Skip(); break;
            }
        }
    }
}
