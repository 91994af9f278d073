using LinkCodec.Media;

namespace LinkCodec.Fuzz.Targets;

/// <summary>Files and contents of messages: any bytes are carried and come out as they were, and any content is
/// restored to something.</summary>
internal static class MediaFileFuzz
{
    private static readonly MediaOptions Samples = new() { Preserve = Preservation.Samples };

    public static void Run(ReadOnlySpan<byte> data)
    {
        byte[] bytes = data.ToArray();
        MediaMessage.Restore(bytes);
        MediaMessage.Restore(MediaMessage.Carry(bytes, Samples));
        if (!MediaMessage.Restore(MediaMessage.Carry(bytes)).Span.SequenceEqual(data))
        {
            throw new InvalidOperationException("another file");
        }
    }
}
