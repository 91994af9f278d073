using LinkCodec.Core.Compression;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>
/// An image, a sound, samples or a video of which parts were lost on the way: what came is as it was sent, bit for bit,
/// and the rest is filled in.
/// </summary>
/// <remarks>
/// Each tile and each segment decodes alone and is checked, so that losing one spoils no other. What is lost of a frame
/// of video takes the frames behind it in its group with it, and no others.
/// </remarks>
public sealed record IncompleteMedia
{
    // A header of a few bytes can promise as many parts as samples; senders make none of under a thousand.
    private const int MostParts = 1 << 20;

    /// <summary>The message's number in the session, which counts as lost.</summary>
    public required ulong Number { get; init; }

    /// <summary><see cref="MessageKind.Image"/>, <see cref="MessageKind.Audio"/>, <see cref="MessageKind.Samples"/> or
    /// <see cref="MessageKind.Video"/>.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>A file of the format of the one that was sent. What is missing is grey in the middle of the scale in
    /// images and video, the first colour of a palette, and silence in sounds and samples.</summary>
    public required ReadOnlyMemory<byte> File { get; init; }

    /// <summary>Tiles, segments or frames in all; where frames are cut into strips, strips.</summary>
    public required int PartCount { get; init; }

    /// <summary>The tiles, segments, frames or strips that are missing, in order; at least one, and never
    /// all.</summary>
    public required IReadOnlyList<MissingPart> Missing { get; init; }

    /// <summary>Makes a file of what came of a message.</summary>
    /// <param name="message">The pieces. Peer bytes: never throws for them.</param>
    /// <param name="maxMessageSize">Bytes of a message at most.</param>
    /// <returns>Null where the beginning is missing, or nothing else came.</returns>
    internal static IncompleteMedia? Of(IncompleteMessage message, int maxMessageSize)
    {
        List<(int Start, int End)> there = Join(message);
        byte[] begin = new byte[there.Count == 0 || there[0].Start > 0 ? 0 : there[0].End];
        Copy(message, begin);
        if (!CarriedForm.TryReadHeader(begin, out CarriedForm form) || form.Start > begin.Length
            || form.Kind == MediaKind.Bytes || form.PartCount is < 1 or > MostParts
            || form.Start + form.SamplesLength > maxMessageSize)
        {
            return null;
        }

        List<int> missing = FindMissing(form, there);
        if (missing.Count == 0 || missing.Count == form.PartCount)
        {
            return null;
        }

        byte[] content = new byte[form.Start + form.SamplesLength];
        Copy(message, content);
        ReadOnlySpan<byte> wrapper = content.AsSpan(form.Start - form.WrapperLength, form.WrapperLength);
        int neutral = form.IsInTime || HasPalette(wrapper) ? 0 : 1 << (form.BitDepth - 1);
        foreach (int part in missing)
        {
            (int start, int end) = form.Part(part);
            Fill(content.AsSpan(start, end - start), form.SampleBytes, neutral);
        }

        return new IncompleteMedia
        {
            Number = message.Number,
            Kind = form.Kind switch
            {
                MediaKind.Sound => MessageKind.Audio,
                MediaKind.Signal => MessageKind.Samples,
                MediaKind.Video => MessageKind.Video,
                _ => MessageKind.Image,
            },
            File = MediaMessage.Restore(content),
            PartCount = form.Kind == MediaKind.Video ? VideoParts.FramesAndStrips(form) : form.PartCount,
            Missing = [.. missing.SelectMany(part => PlacesOf(form, part))],
        };
    }

    // Pieces that meet become one stretch.
    private static List<(int Start, int End)> Join(IncompleteMessage message)
    {
        List<(int Start, int End)> there = [];
        foreach ((int offset, ReadOnlyMemory<byte> content) in message.Parts)
        {
            if (there.Count > 0 && there[^1].End >= offset)
            {
                there[^1] = (there[^1].Start, Math.Max(there[^1].End, offset + content.Length));
            }
            else
            {
                there.Add((offset, offset + content.Length));
            }
        }

        return there;
    }

    // What a peer says to lie behind the end is left out.
    private static void Copy(IncompleteMessage message, Span<byte> content)
    {
        foreach ((int offset, ReadOnlyMemory<byte> piece) in message.Parts)
        {
            if (offset < content.Length)
            {
                int length = Math.Min(piece.Length, content.Length - offset);
                piece.Span[..length].CopyTo(content[offset..]);
            }
        }
    }

    private static List<int> FindMissing(CarriedForm form, List<(int Start, int End)> there)
    {
        List<int> missing = [];
        int at = 0;
        for (int part = 0; part < form.PartCount; part++)
        {
            (int start, int end) = form.Part(part);
            while (at < there.Count && there[at].End < end)
            {
                at++;
            }

            if (at == there.Count || there[at].Start > start)
            {
                missing.Add(part);
            }
        }

        return missing;
    }

    private static bool HasPalette(ReadOnlySpan<byte> wrapper) => wrapper.Length > 1
        && (WrapperKind)wrapper[0] is WrapperKind.Png or WrapperKind.PngFile && wrapper[1] == PngHeader.PaletteColour;

    private static void Fill(Span<byte> part, int each, int sample)
    {
        for (int i = 0; i < part.Length; i++)
        {
            part[i] = (byte)(sample >> (8 * (i % each)));
        }
    }

    // A part of video may be several frames, each of which has a name.
    private static IEnumerable<MissingPart> PlacesOf(CarriedForm form, int part)
    {
        if (form.Kind != MediaKind.Video)
        {
            return [PlaceOf(form, part)];
        }

        VideoHeader header = VideoParts.HeaderOf(form, part);
        int height = Math.Min(form.PartSize, form.Height - header.FirstRow);
        return Enumerable.Range(VideoParts.FirstFrame(form, part), header.Frames).Select(frame =>
            new MissingPart(frame, header.StripIndex, 0, header.FirstRow, form.Width, height));
    }

    private static MissingPart PlaceOf(CarriedForm form, int part)
    {
        if (form.IsInTime)
        {
            int from = part * form.PartSize;
            return new MissingPart(part, 0, from, 0, Math.Min(form.PartSize, form.Width - from), 1);
        }

        (int x, int y, int width, int height) = form.Tile(part);
        return new MissingPart(x / form.PartSize, y / form.PartSize, x, y, width, height);
    }
}
