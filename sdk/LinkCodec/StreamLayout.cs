using System.Buffers;
using MessagePack;

namespace LinkCodec;

/// <summary>
/// The layout of the stream that messages come from, so that the other end can restore it byte for byte.
/// </summary>
/// <param name="Format">The form in which the messages stand.</param>
/// <param name="OpenTail">The number of the last message, once the stream has ended without a terminator behind it;
/// null otherwise.</param>
public sealed record StreamLayout(MessageFormat Format, ulong? OpenTail = null)
{
    private const int FormatKey = 1;
    private const int ClosingTailKey = 2;
    private const int OpenTailKey = 3;

    /// <summary>
    /// Whether an open tail is named before its message is sent. Senders before this version said it with the last
    /// message.
    /// </summary>
    internal bool IsNamedAhead { get; private init; } = true;

    /// <summary>Whether the last message lacks its terminator, told by a sender that names it late.</summary>
    internal bool HasClosingTail { get; private init; }

    /// <summary>
    /// The control map that carries it (protocol-spec/08-file-format.md): {1: format, 3: 0, or one more than the number
    /// of the open tail}.
    /// </summary>
    internal byte[] ToControl()
    {
        ArrayBufferWriter<byte> buffer = new();
        MessagePackWriter writer = new(buffer);
        writer.WriteMapHeader(2);
        writer.Write(FormatKey);
        writer.Write((int)Format);
        writer.Write(OpenTailKey);
        writer.Write(OpenTail is { } tail ? tail + 1 : 0);
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
            ulong? tail = null;
            bool closingTail = false;
            for (int i = 0; i < count; i++)
            {
                switch (reader.ReadInt32())
                {
                    case FormatKey: format = reader.ReadInt32(); break;
                    case ClosingTailKey: closingTail = reader.ReadBoolean(); break;
                    case OpenTailKey: tail = reader.ReadUInt64(); break;
                    default: Skip(ref reader); break;
                }
            }

            return format is { } known && Enum.IsDefined((MessageFormat)known)
                ? new StreamLayout((MessageFormat)known, tail is > 0 ? tail - 1 : null)
                {
                    IsNamedAhead = tail is not null,
                    HasClosingTail = closingTail,
                }
                : null;
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
