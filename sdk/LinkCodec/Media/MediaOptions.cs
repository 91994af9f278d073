namespace LinkCodec.Media;

/// <summary>The way in which a sender carries messages that are files of images, sounds and video. Immutable.</summary>
public sealed record MediaOptions
{
    /// <summary>What the messages are. Default: the sender looks at each.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>What of a file crosses. Default: the whole file where that costs little more.</summary>
    public Preservation Preserve { get; init; }

    /// <summary>The side of a tile, in samples: 32 to 256. A tile decodes alone; larger ones are coded better (256:
    /// by one to three hundredths), smaller ones leave sooner and lose less where something is lost. Default 128;
    /// halved for images of more planes than fit.</summary>
    public int TileSize { get; init; } = 128;

    /// <summary>The length of a segment of sound, which decodes alone: 20 ms to 1 s, the default.</summary>
    public TimeSpan SegmentLength { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Frames in a group of a video, 1 to 1,000: the first is predicted from no other, and the others need those before
    /// them in the group. Longer groups are coded better (16 by a fifth to a third than 1, and 32 by a hundredth more);
    /// what is lost costs its group. Default 16.
    /// </summary>
    public int GroupLength { get; init; } = 16;

    /// <summary>What messages of <see cref="MessageKind.Samples"/> are, which needs it. Each message is restored byte
    /// for byte, also where it ends inside of the samples of one time; one that is shorter as bytes crosses as
    /// those.</summary>
    public SampleFormat? Samples { get; init; }

    /// <summary>Called with a line for people, where a file crosses otherwise than was asked for; null for
    /// nothing.</summary>
    public Action<string>? OnNotice { get; init; }
}
