using System.Buffers;
using MessagePack;

namespace LinkCodec;

/// <summary>How messages stood in the stream they came from, so that the other end can restore it byte for byte.</summary>
/// <param name="Format">How they stood.</param>
/// <param name="HasOpenTail">Whether the last message lacked its terminator.</param>
public sealed record StreamLayout(MessageFormat Format, bool HasOpenTail)
{
    private const int FormatKey = 1;
    private const int TailKey = 2;

    /// <summary>The control map that carries it (protocol-spec/04-frames.md): {1: format, 2: open tail}.</summary>
    internal byte[] ToControl()
    {
        ArrayBufferWriter<byte> buffer = new();
        MessagePackWriter writer = new(buffer);
        writer.WriteMapHeader(2);
        writer.Write(FormatKey);
        writer.Write((int)Format);
        writer.Write(TailKey);
        writer.Write(HasOpenTail);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a control map; null when it says nothing of a layout. Peer bytes: never throws.</summary>
    internal static StreamLayout? FromControl(byte[] map)
    {
        try
        {
            MessagePackReader reader = new(map);
            int count = reader.ReadMapHeader();
            int? format = null;
            bool tail = false;
            for (int i = 0; i < count; i++)
            {
                switch (reader.ReadInt32())
                {
                    case FormatKey: format = reader.ReadInt32(); break;
                    case TailKey: tail = reader.ReadBoolean(); break;
                    default: Skip(ref reader); break;
                }
            }

            return format is { } f && Enum.IsDefined((MessageFormat)f) ? new StreamLayout((MessageFormat)f, tail) : null;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
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
