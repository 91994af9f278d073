namespace LinkCodec.Core.Media;

/// <summary>
/// The parts of a video: groups of frames, of which each is a row of parts of some frames, or, where frames are larger
/// than a part may be, of strips of frames.
/// </summary>
internal static class VideoParts
{
    // A part of fewer samples teaches its models too little: parts of half of that cost a hundredth more bytes.
    private const int LeastSamples = 80_000;

    /// <summary>The parts that suit a video: a frame, so that it is sent and decoded while the next one is coded; or as
    /// few as have 80,000 samples, or as many rows as a part may have.</summary>
    /// <param name="form">The video, with its groups.</param>
    internal static CarriedForm Choose(CarriedForm form)
    {
        VideoFormat format = form.Video;
        if (format.Samples <= CarriedForm.MaxPartSamples)
        {
            int most = (int)Math.Min((LeastSamples + format.Samples - 1) / format.Samples,
                CarriedForm.MaxPartSamples / format.Samples);
            int parts = (form.GroupFrames + most - 1) / most;
            return form with { PartFrames = (form.GroupFrames + parts - 1) / parts, PartSize = format.Height };
        }

        int strips = (int)((format.Samples + CarriedForm.MaxPartSamples - 1) / CarriedForm.MaxPartSamples);
        int rows = (format.Height + strips - 1) / strips;
        rows += rows & format.ShiftDown;
        while (format.Strip(0, rows).Samples > CarriedForm.MaxPartSamples && rows > 1 + format.ShiftDown)
        {
            rows -= 1 + format.ShiftDown;
        }

        return form with { PartFrames = 1, PartSize = rows };
    }

    /// <summary>Whether a form's numbers are within their limits.</summary>
    internal static bool IsValid(CarriedForm form)
    {
        VideoFormat format = form.Video; // spec 12.1-3
        return format.IsValid && form.Frames >= 1 && form.GroupFrames >= 1 && form.PartFrames >= 1
            && form.PartFrames <= form.GroupFrames && form.GroupFrames <= form.Frames && form.PartSize >= 1
            && form.PartSize <= format.Height
            && (form.PartSize == format.Height || (form.PartFrames == 1 && (form.PartSize & format.ShiftDown) == 0))
            && (long)form.PartFrames * format.Strip(0, form.PartSize).Samples <= CarriedForm.MaxPartSamples;
    }

    /// <summary>The number of parts.</summary>
    internal static int CountOf(CarriedForm form)
    {
        int groups = form.Frames / form.GroupFrames;
        return (groups * InGroup(form, form.GroupFrames)) + InGroup(form, form.Frames % form.GroupFrames);
    }

    /// <summary>Where a part begins and ends, in bytes of the content.</summary>
    internal static (int Start, int End) Find(CarriedForm form, int part)
    {
        VideoHeader header = HeaderOf(form, part);
        long before = (FirstFrame(form, part) * form.Video.Samples) + form.Video.Strip(0, header.FirstRow).Samples;
        long start = form.Start + (before * form.SampleBytes);
        return ((int)start, (int)(start + (header.Samples * form.SampleBytes)));
    }

    /// <summary>What a part is.</summary>
    internal static VideoHeader HeaderOf(CarriedForm form, int part)
    {
        int first = FirstFrame(form, part);
        int inGroup = first % form.GroupFrames;
        int left = Math.Min(form.GroupFrames - inGroup, form.Frames - first);
        return new VideoHeader
        {
            Format = form.Video,
            References = Math.Min(inGroup, VideoHeader.MaxReferences),
            Frames = Math.Min(form.PartFrames, left),
            StripRows = form.PartSize,
            StripIndex = part % InGroup(form, form.GroupFrames) % Strips(form),
        };
    }

    /// <summary>Frames in all, or strips where they are cut.</summary>
    internal static int FramesAndStrips(CarriedForm form) => form.Frames * Strips(form);

    /// <summary>The first frame of a part, or the one that it is a strip of.</summary>
    internal static int FirstFrame(CarriedForm form, int part)
    {
        int inGroup = InGroup(form, form.GroupFrames);
        return (part / inGroup * form.GroupFrames) + (part % inGroup / Strips(form) * form.PartFrames);
    }

    private static int Strips(CarriedForm form) => (form.Height + form.PartSize - 1) / form.PartSize;

    // The parts of a group of so many frames.
    private static int InGroup(CarriedForm form, int frames) =>
        (int)(((long)frames + form.PartFrames - 1) / form.PartFrames) * Strips(form);
}
