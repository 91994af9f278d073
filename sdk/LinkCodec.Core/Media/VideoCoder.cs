using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the frames of a part one after another: their planes as those of images, where the frames before, moved by
/// what the motion was, stand in the place of other planes. Luma comes first.
/// </summary>
internal sealed class VideoCoder
{
    private readonly VideoFormat _format;
    private readonly int _firstRow;
    private readonly RowCoder _rows;
    private readonly VideoModels _models;
    private readonly MotionCoder[] _motion = [new(), new()];
    private readonly PlaneScene?[] _scenes = new PlaneScene?[3];
    private VideoFrame? _strip;
    private VideoFrame? _last;
    private VideoFrame? _before;
    private PlaneModel? _model;
    private int _plane;

    /// <summary>A coder for a part.</summary>
    /// <param name="strip">What its frames are.</param>
    /// <param name="firstRow">The row of the whole frame at which they begin.</param>
    internal VideoCoder(VideoFormat strip, int firstRow)
    {
        (_format, _firstRow) = (strip, firstRow);
        _rows = new RowCoder(strip.BitDepth);
        _models = new VideoModels(strip);
    }

    /// <summary>Starts a frame, and codes the motion.</summary>
    /// <param name="coder">Writes or reads.</param>
    /// <param name="strip">The frame; filled where the coder reads.</param>
    /// <param name="last">The whole frame before; null where there is none.</param>
    /// <param name="before">The whole frame before that; null where there is none.</param>
    /// <param name="finds">Whether the motion is to be found, because the coder writes.</param>
    internal void StartFrame<TCoder>(ref TCoder coder, VideoFrame strip, VideoFrame? last, VideoFrame? before,
        bool finds)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        _strip = strip; // spec 14.1-3
        _last = last is null ? null : Move(ref coder, last, _motion[0], finds);
        _before = last is null ? null
            : before is null ? FrameMover.Cut(_format, _firstRow, last)
            : Move(ref coder, before, _motion[1], finds);
    }

    /// <summary>Starts a plane of the frame; planes come in order.</summary>
    internal void StartPlane(int plane)
    {
        _plane = plane;
        // spec 14.4-2
        PlaneScene scene = plane == 0 ? SetLuma() : _last is null ? SetFirstChroma(plane) : SetChroma(plane);
        _scenes[plane] = scene;
        _model = _models.Of(plane, _last is not null, scene.Own.Stride);
        _model.StartPlane();
        scene.Own.Start(1 << (_format.BitDepth - 1));
        scene.Costs.Start();
    }

    /// <summary>Codes a row of the plane; rows come in order.</summary>
    internal void CodeRow<TCoder>(ref TCoder coder, int y)
        where TCoder : struct, IBinaryCoder, allows ref struct =>
        _rows.CodeRow(ref coder, _model!, _scenes[_plane]!, y, _strip!.Row(_plane, y));

    private VideoFrame Move<TCoder>(ref TCoder coder, VideoFrame from, MotionCoder motion, bool finds)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        MotionField field = finds
            ? new MotionSearch(_strip!, _firstRow, from).Find()
            : new MotionField(_format.Width, _format.Height);
        motion.Code(ref coder, field);
        return FrameMover.Move(_format, _firstRow, field, from);
    }

    private PlaneScene SetLuma() => new()
    {
        Own = new PaddedPlane(_format.Width, _format.Height),
        Near = _last is null ? null : Padded(_last, 0),
        Far = _before is null ? null : Padded(_before, 0),
        Costs = new PlaneCosts(_format.Width, _format.Height),
        NearCosts = _last is null
            ? null
            : PlaneCosts.OfDifference(_last.Plane(0), _before!.Plane(0), _format.Width, _format.Height),
    };

    private PlaneScene SetFirstChroma(int plane) => new()
    {
        Own = new PaddedPlane(_format.WidthOf(1), _format.HeightOf(1)),
        Near = plane == 1 ? Luma(_strip!) : _scenes[1]!.Own,
        Far = plane == 1 ? null : _scenes[1]!.Near,
        Costs = new PlaneCosts(_format.WidthOf(1), _format.HeightOf(1)),
        NearCosts = CostsBefore(plane),
    };

    // The planes that predict most come first: regressions alone see the third and the fourth, which say how the
    // plane coded before differs from what its motion made one expect.
    private PlaneScene SetChroma(int plane) => new()
    {
        Own = new PaddedPlane(_format.WidthOf(1), _format.HeightOf(1)),
        Near = Padded(_last!, plane),
        Far = Padded(_before!, plane),
        Third = plane == 1 ? Luma(_strip!) : _scenes[1]!.Own,
        Fourth = plane == 1 ? Luma(_last!) : _scenes[1]!.Near,
        Costs = new PlaneCosts(_format.WidthOf(1), _format.HeightOf(1)),
        NearCosts = CostsBefore(plane),
    };

    private PlaneCosts CostsBefore(int plane) =>
        plane == 1 ? PlaneCosts.OfLuma(_scenes[0]!.Costs, _format) : _scenes[1]!.Costs;

    private static PaddedPlane Padded(VideoFrame frame, int plane)
    {
        PaddedPlane padded = new(frame.Format.WidthOf(plane), frame.Format.HeightOf(plane));
        padded.Fill(frame.Plane(plane));
        return padded;
    }

    // Luma at the places of chroma: the mean of the samples there. spec 14.4-2
    private PaddedPlane Luma(VideoFrame frame)
    {
        int width = _format.WidthOf(1);
        ushort[] samples = new ushort[width * _format.HeightOf(1)];
        for (int i = 0; i < samples.Length; i++)
        {
            int top = i / width << _format.ShiftDown;
            int left = i % width << _format.ShiftAcross;
            int right = Math.Min(left + _format.ShiftAcross, _format.Width - 1);
            Span<ushort> upper = frame.Row(0, top);
            Span<ushort> lower = frame.Row(0, Math.Min(top + _format.ShiftDown, _format.Height - 1));
            samples[i] = (ushort)((upper[left] + upper[right] + lower[left] + lower[right] + 2) >> 2);
        }

        PaddedPlane padded = new(width, _format.HeightOf(1));
        padded.Fill(samples);
        return padded;
    }
}
