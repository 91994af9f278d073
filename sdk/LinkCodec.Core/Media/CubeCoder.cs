using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the planes of a cube, an image of many bands, one after another: each sees the four before it that have more
/// than one value, and what regressions learned of the last one.
/// </summary>
/// <remarks>Memory: that of the planes' models, of which one is held at a time, five padded planes, and the
/// samples.</remarks>
internal sealed class CubeCoder
{
    private const int Before = 4;
    private const int HalfOdds = 32768;
    private const int KeptSums = 32768;

    // Taps to the left and above, nearest first, and around a place of a plane that is known whole.
    private static readonly (int, int)[] Own = [(-1, 0), (0, -1), (-1, -1), (1, -1), (-2, 0), (0, -2)];

    private static readonly (int, int)[] Around = [(0, 0), (-1, 0), (0, -1), (1, 0), (0, 1)];

    private readonly int _width;
    private readonly int _height;
    private readonly int _bitDepth;
    private readonly RowCoder _rows;
    private readonly PaddedPlane[] _planes = new PaddedPlane[Before + 1]; // the one that is coded, then the last ones
    private PlaneCosts _costs;
    private PlaneCosts _nearCosts;
    private PlaneModel? _model;
    private int _known; // planes before that have more than one value
    private int _flat = HalfOdds; // the probability that a plane has one value

    /// <summary>A coder for planes of one size.</summary>
    internal CubeCoder(int width, int height, int bitDepth)
    {
        (_width, _height, _bitDepth) = (width, height, bitDepth);
        _rows = new RowCoder(bitDepth);
        for (int i = 0; i < _planes.Length; i++)
        {
            _planes[i] = new PaddedPlane(width, height);
        }

        _costs = new PlaneCosts(width, height);
        _nearCosts = new PlaneCosts(width, height);
    }

    /// <summary>Codes the next plane.</summary>
    /// <param name="coder">Writes the samples or reads them.</param>
    /// <param name="samples">The plane's samples, row by row; filled where the coder reads.</param>
    internal void CodePlane<TCoder>(ref TCoder coder, Span<ushort> samples)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        bool isFlat = coder.Code(_flat, !samples.ContainsAnyExcept(samples[0])); // spec 13.7-1
        _flat = Math.Clamp(_flat + (((isFlat ? 65535 : 0) - _flat) >> 4), 64, 65472);
        if (isFlat)
        {
            int value = 0;
            for (int bit = _bitDepth - 1; bit >= 0; bit--)
            {
                value |= coder.Code(HalfOdds, ((samples[0] >> bit) & 1) != 0) ? 1 << bit : 0;
            }

            samples.Fill((ushort)value);
            return;
        }

        int before = Math.Min(_known, 2);
        if (_model is null || _model.PlanesBefore != before)
        {
            _model = MakeModel(before);
            _model.StartPlane();
        }
        else
        {
            _model.StartPlane(KeptSums); // spec 13.7-4
        }

        PaddedPlane oldest = _planes[Before];
        Array.Copy(_planes, 0, _planes, 1, Before);
        _planes[0] = oldest;
        (_costs, _nearCosts) = (_nearCosts, _costs);
        oldest.Start(1 << (_bitDepth - 1));
        _costs.Start();
        PlaneScene scene = new() // spec 13.7-2
        {
            Own = oldest,
            Near = before > 0 ? _planes[1] : null,
            Far = before > 1 ? _planes[2] : null,
            Third = before > 1 ? _planes[Math.Min(_known, 3)] : null,
            Fourth = before > 1 ? _planes[Math.Min(_known, 4)] : null,
            Costs = _costs,
            NearCosts = before > 0 ? _nearCosts : null,
        };
        for (int y = 0; y < _height; y++)
        {
            _rows.CodeRow(ref coder, _model, scene, y, samples.Slice(y * _width, _width));
        }

        _known++;
    }

    private PlaneModel MakeModel(int before)
    {
        int stride = _planes[0].Stride; // spec 13.7-3
        PlaneTaps? large = before < 2
            ? null
            : new PlaneTaps(stride, Own, Around, Around, Around[..1], Around[..1]);
        PlaneTaps? small = before < 2
            ? null
            : new PlaneTaps(stride, Own[..4], Around[..4], Around[..3], Around[..1]);
        return new PlaneModel(before, _width, _height, _bitDepth,
            PlaneModel.MakeMixer(before, _bitDepth, StartWeights.OfPlane(before)), large, small);
    }
}
