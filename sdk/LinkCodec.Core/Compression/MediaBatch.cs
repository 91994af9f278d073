using LinkCodec.Core.Framing;
using LinkCodec.Core.Media;

namespace LinkCodec.Core.Compression;

/// <summary>
/// Parts of a message that holds samples, to be coded each on its own: by threads of the caller, any at the same time.
/// </summary>
/// <param name="message">The message, whose content is a carried form.</param>
/// <param name="form">Its layout.</param>
/// <param name="first">The first part; with it goes what stands before the samples.</param>
/// <param name="end">The part behind the last one.</param>
/// <param name="maxUnitSize">Bytes of a unit at most.</param>
/// <param name="isFast">Whether an image or a cube takes the fast code.</param>
internal sealed class MediaBatch(OutgoingMessage message, CarriedForm form, int first, int end, int maxUnitSize,
    bool isFast = false)
{
    // Blocks are cut to units, which makes them longer than they look: they must be shorter by so much.
    private const int Worthwhile = 8;

    private readonly List<MediaFrame>[] _frames = new List<MediaFrame>[end - first];

    /// <summary>The number of parts.</summary>
    public int Count => _frames.Length;

    /// <summary>Whether the parts take the fast code.</summary>
    public bool IsFast => isFast;

    /// <summary>Bytes of the message that the parts are.</summary>
    public long MessageBytes => form.Part(end - 1).End - (first == 0 ? 0 : form.Part(first).Start);

    /// <summary>The frames of all parts, in order, once each was coded.</summary>
    public IEnumerable<MediaFrame> Frames => _frames.SelectMany(frames => frames);

    /// <summary>Codes a part.</summary>
    /// <param name="index">Which of the parts.</param>
    /// <param name="blocks">Compresses what the coder of samples does not shrink more; null where no blocks are
    /// sent.</param>
    public void Code(int index, BlockUnits? blocks)
    {
        List<MediaFrame> frames = [];
        int part = first + index;
        if (part == 0)
        {
            AddParts(0, form.Start, blocks, frames);
        }

        (int start, int stop) = form.Part(part);
        byte[] code = MediaCode.Encode(form, part, message.Content.Span, isFast);
        int least = code.Length > 0 ? code.Length : stop - start;
        bool isBlock = blocks?.IsShorter(message.Content.Span[start..stop], least - (least / Worthwhile)) ?? false;
        if (code.Length > 0 && !isBlock)
        {
            frames.Add(new MediaFrame(FrameOf(start, stop, code), stop - start));
        }
        else
        {
            AddParts(start, stop, isBlock ? blocks : null, frames);
        }

        _frames[index] = frames;
    }

    private DataFrame FrameOf(int start, int stop, byte[] code)
    {
        DataFrame frame = new()
        {
            Kind = DataFrameKind.Media,
            FirstMessage = message.Number,
            Count = 1,
            Offset = (ulong)start,
            EndsCode = true,
            IsLast = stop == message.Content.Length,
            Payload = code,
        };
        uint check = ContentCheck.Of(message.Number, message.Content[start..stop]);
        return frame with { Check = check & frame.CheckMask };
    }

    private void AddParts(int start, int stop, BlockUnits? blocks, List<MediaFrame> frames)
    {
        while (start < stop)
        {
            DataFrame frame;
            int length;
            if (blocks is not null)
            {
                frame = blocks.NextPart(message, start, stop, maxUnitSize, out length);
            }
            else
            {
                frame = StoredContent.PartOf(message.Number, start, message.Content[start..stop], maxUnitSize,
                    isLast: stop == message.Content.Length);
                length = frame.Payload.Length;
            }

            frames.Add(new MediaFrame(frame, length));
            start += length;
        }
    }
}
