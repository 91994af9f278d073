using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the planes of an image one after another: each sees the one or two before it.
/// </summary>
internal sealed class PlaneCoder
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _bitDepth;
    private readonly RowCoder _rows;
    private readonly ImageMixers _mixers;
    private PaddedPlane[] _planes;
    private PlaneCosts _costs;
    private PlaneCosts _nearCosts;
    private PlaneModel? _model;
    private PlaneScene? _scene;
    private int _coded;

    /// <summary>A coder for planes of one size.</summary>
    /// <param name="width">Samples a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bitDepth">Bits a sample.</param>
    /// <param name="mixers">The mixers; in training they have seen other images.</param>
    internal PlaneCoder(int width, int height, int bitDepth, ImageMixers mixers)
    {
        _mixers = mixers;
        (_width, _height, _bitDepth) = (width, height, bitDepth);
        _rows = new RowCoder(bitDepth);
        _planes = [new(width, height), new(width, height), new(width, height)];
        _costs = new PlaneCosts(width, height);
        _nearCosts = new PlaneCosts(width, height);
    }

    /// <summary>Starts the next plane.</summary>
    internal void StartPlane() // spec 13.4-2
    {
        int before = Math.Min(_coded, 2);
        if (_model is null || _model.PlanesBefore != before)
        {
            _model = new PlaneModel(before, _width, _height, _bitDepth, _mixers.Of(before));
        }

        _planes = [_planes[2], _planes[0], _planes[1]]; // the oldest is free
        (_costs, _nearCosts) = (_nearCosts, _costs);
        _planes[0].Start(1 << (_bitDepth - 1));
        _scene = new PlaneScene
        {
            Own = _planes[0],
            Near = before > 0 ? _planes[1] : null,
            Far = before > 1 ? _planes[2] : null,
            Costs = _costs,
            NearCosts = before > 0 ? _nearCosts : null,
        };
        _model.StartPlane();
        _costs.Start();
        _coded++;
    }

    /// <summary>Codes a row of the plane that was started last.</summary>
    /// <param name="coder">Writes the samples or reads them.</param>
    /// <param name="y">The row; rows come in order.</param>
    /// <param name="samples">The row's samples; filled where the coder reads.</param>
    internal void CodeRow<TCoder>(ref TCoder coder, int y, Span<ushort> samples)
        where TCoder : struct, IBinaryCoder, allows ref struct => _rows.CodeRow(ref coder, _model!, _scene!, y,
            samples);
}
