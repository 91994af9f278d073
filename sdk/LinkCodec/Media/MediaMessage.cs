using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>
/// Files of images, sounds and video as contents of messages, and back. Spec: protocol-spec/12-media.md, sections 12.1
/// and 12.4.
/// </summary>
/// <remarks>
/// A content that begins with the four bytes of a carried form stands for a file, whoever sent it; so a message that
/// is such a form itself is wrapped. <see cref="LinkSender"/> and <see cref="LinkReceiver"/> do both. Thread-safe.
/// </remarks>
public static class MediaMessage
{
    /// <summary>Options with which every message crosses as it is.</summary>
    internal static readonly MediaOptions AsItIs = new() { Kind = MessageKind.Bytes };

    private const int MostGroup = 1000;

    // What restores a file may cost so much beside its samples, which come to about a third.
    private const int WrapperShare = 50 * 3;

    /// <summary>The content of a message that carries a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">The way in which it is carried; null for the usual one.</param>
    /// <returns>A form with the samples, or the file as it is where it is none of an image, a sound or a video,
    /// where it is asked to cross whole and cannot be restored from samples, or where it is damaged.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size of a tile, segment or group is outside its
    /// limits.</exception>
    /// <exception cref="ArgumentException">The messages are samples, and no valid format says which.</exception>
    public static ReadOnlyMemory<byte> Carry(ReadOnlyMemory<byte> file, MediaOptions? options = null)
    {
        options ??= new MediaOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TileSize, 32);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.TileSize, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentLength, TimeSpan.FromMilliseconds(20));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SegmentLength, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GroupLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.GroupLength, MostGroup);
        if (options.Kind == MessageKind.Samples)
        {
            return CarrySamples(file, options);
        }

        bool isNamed = options.Kind is MessageKind.Image or MessageKind.Audio or MessageKind.Video;
        MediaFormat? format = options.Kind is MessageKind.Text or MessageKind.Bytes
            ? null
            : MediaFormat.All.FirstOrDefault(one => one.Recognises(file.Span));
        if (format is null)
        {
            Say(isNamed, options, "a message is no file of an image, a sound or a video that is read here: it "
                + "crosses as it is");
            return Wrap(file);
        }

        if (!format.TryRead(file, out MediaSamples? samples, out string? problem))
        {
            Say(isNamed || options.Preserve == Preservation.Samples, options,
                $"a file crosses as it is: {problem}");
            return Wrap(file);
        }

        byte[]? wrapper = Choose(samples, options, isNamed);
        if (wrapper is null)
        {
            return Wrap(file);
        }

        byte[] content = samples.ToContent(PartSize(samples, options), wrapper);
        if (wrapper == samples.FileWrapper && !(Restore(content) is { } same && same.Span.SequenceEqual(file.Span)))
        {
            return Wrap(file); // spec 12.4-1: nothing is taken on trust.
        }

        return content;
    }

    /// <summary>The file that a message carries, or the content itself where it carries none. Peer bytes: never
    /// throws.</summary>
    /// <param name="content">The content of a message.</param>
    public static ReadOnlyMemory<byte> Restore(ReadOnlyMemory<byte> content)
    {
        if (!CarriedForm.IsMarked(content.Span) || !CarriedForm.TryRead(content.Span, out CarriedForm form))
        {
            return content;
        }

        if (form.Kind == MediaKind.Bytes)
        {
            return content[form.Start..];
        }

        // spec 12.4-2
        ReadOnlySpan<byte> wrapper = content.Span[(form.Start - form.WrapperLength)..form.Start];
        return wrapper.IsEmpty ? content : Write(MediaSamples.Of(form, content.Span), wrapper) ?? content;
    }

    private static ReadOnlyMemory<byte> CarrySamples(ReadOnlyMemory<byte> message, MediaOptions options)
    {
        if (options.Samples is not { IsValid: true } format)
        {
            throw new ArgumentException("Messages of samples need their format, within its limits.", nameof(options));
        }

        if (RawSamples.TryCarry(message.Span, format, TileSizeOf(format.Channels, options), out string problem)
            is not { } content)
        {
            Say(true, options, $"a message crosses as it is: {problem}");
            return Wrap(message);
        }

        return Restore(content).Span.SequenceEqual(message.Span) ? content : Wrap(message); // spec 12.4-1
    }

    private static byte[]? Write(MediaSamples samples, ReadOnlySpan<byte> wrapper)
    {
        bool isImage = samples.Kind == MediaKind.Image;
        ReadOnlySpan<byte> rest = wrapper[1..];
        return (WrapperKind)wrapper[0] switch
        {
            WrapperKind.Skeleton => Skeleton.Restore(samples, rest),
            WrapperKind.Wave when samples.Kind == MediaKind.Sound => WaveFormat.Write(samples),
            WrapperKind.PortableMap when isImage => PortableMapFormat.Write(samples),
            WrapperKind.Tiff when isImage && rest.Length >= 2 => TiffPieces.Write(samples, rest[0], rest[1] != 0),
            WrapperKind.Png when isImage => PngFormat.Write(samples, rest),
            WrapperKind.PngFile when isImage => PngFile.Restore(samples, rest),
            WrapperKind.Yuv4Mpeg when samples.Kind == MediaKind.Video => Yuv4MpegFile.Restore(samples, rest),
            _ => null,
        };
    }

    // spec 12.1-1
    private static ReadOnlyMemory<byte> Wrap(ReadOnlyMemory<byte> content) =>
        CarriedForm.IsMarked(content.Span) && CarriedForm.TryRead(content.Span, out _)
            ? (byte[])[.. new CarriedForm { Kind = MediaKind.Bytes }.Write([]), .. content.Span]
            : content;

    // Null where the file crosses as it is.
    private static byte[]? Choose(MediaSamples samples, MediaOptions options, bool isNamed)
    {
        bool isCheap = samples.FileWrapper is { } whole
            && (long)(whole.Length - samples.SamplesWrapper.Length) * WrapperShare <= samples.Length;
        switch (options.Preserve)
        {
            case Preservation.Samples:
                return samples.SamplesWrapper;
            case Preservation.Auto when isNamed && !isCheap:
                Say(true, options, "a file's samples cross, not the file: what else it holds would cost more than a "
                    + "fiftieth, or cannot be restored; --preserve file carries its bytes");
                return samples.SamplesWrapper;
            default:
                Say(isNamed && samples.FileWrapper is null, options,
                    "a file crosses as it is: it cannot be restored from its samples byte for byte");
                return samples.FileWrapper;
        }
    }

    private static int PartSize(MediaSamples samples, MediaOptions options)
    {
        if (samples.Kind == MediaKind.Sound)
        {
            double length = samples.Rate * options.SegmentLength.TotalSeconds;
            return (int)Math.Clamp(length, 1, CarriedForm.MaxPartSamples / samples.Planes);
        }

        if (samples.Kind == MediaKind.Video)
        {
            return options.GroupLength;
        }

        return TileSizeOf(samples.Planes, options);
    }

    private static int TileSizeOf(int planes, MediaOptions options)
    {
        int size = options.TileSize;
        while ((long)size * size * planes > CarriedForm.MaxPartSamples)
        {
            size /= 2;
        }

        return size;
    }

    private static void Say(bool isAsked, MediaOptions options, string line)
    {
        if (isAsked)
        {
            options.OnNotice?.Invoke(line);
        }
    }
}
