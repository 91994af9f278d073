namespace LinkCodec.Core.Media;

/// <summary>The two whole frames before the one that is coded.</summary>
internal sealed class VideoHistory
{
    /// <summary>The frames that a part needs.</summary>
    internal VideoHistory(in VideoHeader header, ReadOnlySpan<byte> references)
    {
        for (int i = 0; i < header.References; i++)
        {
            Add(VideoFrame.Read(header.Format, header.StripRows,
                references.Slice(i * header.FrameBytes, header.FrameBytes)));
        }
    }

    /// <summary>The frame before; null where there is none.</summary>
    internal VideoFrame? Last { get; private set; }

    /// <summary>The frame before that; null where there is none.</summary>
    internal VideoFrame? Before { get; private set; }

    /// <summary>Takes a frame that is done. A strip is the last of its part, so that nobody looks at it here.</summary>
    // spec 14.1-2
    internal void Add(VideoFrame frame) => (Before, Last) = (Last, frame);
}
