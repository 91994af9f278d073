using MessagePack;

namespace LinkCodec.Fuzz.Targets;

/// <summary>MessagePack values: Skip passes exactly what reading passes, and nothing but the documented exceptions comes out.</summary>
internal static class MessagePackFuzz
{
    private const int Deepest = 64;

    public static void Run(ReadOnlySpan<byte> data)
    {
        byte[] copy = data.ToArray();
        long? skipped = Try(copy, static (ref MessagePackReader reader) => reader.Skip());
        long? read = Try(copy, static (ref MessagePackReader reader) => Read(ref reader));
        if (read is not null && read != skipped)
        {
            throw new InvalidOperationException($"reading passed {read} bytes, Skip {skipped}");
        }
    }

    private delegate void Reading(ref MessagePackReader reader);

    private static long? Try(byte[] data, Reading reading)
    {
        MessagePackReader reader = new(data);
        try
        {
            reading(ref reader);
            return reader.Consumed;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or InsufficientExecutionStackException)
        {
            return null;
        }
    }

    private static void Read(ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                reader.ReadUInt64();
                break;
            case MessagePackType.Integer:
                reader.ReadInt64();
                break;
            case MessagePackType.Nil:
                reader.ReadNil();
                break;
            case MessagePackType.Boolean:
                reader.ReadBoolean();
                break;
            case MessagePackType.Float:
                reader.ReadDouble();
                break;
            case MessagePackType.String:
                reader.ReadString();
                break;
            case MessagePackType.Binary:
                reader.ReadBytes();
                break;
            case MessagePackType.Extension:
                reader.ReadExtensionFormat();
                break;
            case MessagePackType.Array:
                ReadMany(ref reader, reader.ReadArrayHeader());
                break;
            case MessagePackType.Map:
                ReadMany(ref reader, 2L * reader.ReadMapHeader());
                break;
            default:
                reader.ReadNil(); // Refuses.
                break;
        }
    }

    private static void ReadMany(ref MessagePackReader reader, long count)
    {
        MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(Deepest).DepthStep(ref reader);
        for (long i = 0; i < count; i++)
        {
            Read(ref reader);
        }

        reader.Depth--;
    }
}
