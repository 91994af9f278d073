using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the planes of an image or a cube one after another, at more than a megabyte a second: the predictors are those
/// of images without regressions, and the decisions go by counters in a few contexts, not by distributions.
/// </summary>
/// <remarks>Memory for planes of w times h samples: 24 bytes times w + 8 times h + 5, 96 times w, and 1.2 MB at most
/// for what the planes of a kind teach.</remarks>
internal sealed class FastCoder
{
    private const int Remembered = 3; // planes: the one that is coded, near and far

    private readonly int _width;
    private readonly int _height;
    private readonly int _bitDepth;
    private readonly int _most;
    private readonly int[] _all = new int[22]; // fixed predictions, of which some are taken
    private readonly int[] _predictions = new int[16];
    private readonly int[] _means = new int[16];
    private PaddedPlane[] _planes;
    private PaddedPlane[] _errors; // of the blend, with their signs, in eighths
    private FastModel? _model;
    private int _coded;

    /// <summary>A coder for planes of one size.</summary>
    internal FastCoder(int width, int height, int bitDepth)
    {
        (_width, _height, _bitDepth, _most) = (width, height, bitDepth, (1 << bitDepth) - 1);
        _planes = Make();
        _errors = Make();
    }

    /// <summary>Codes the next plane.</summary>
    /// <param name="coder">Writes the samples or reads them.</param>
    /// <param name="samples">The plane's samples, row by row; filled where the coder reads.</param>
    internal void CodePlane<TCoder>(ref TCoder coder, Span<ushort> samples) // spec 13.8-1
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        int before = Math.Min(_coded++, Remembered - 1);
        if (_model?.PlanesBefore != before)
        {
            _model = new FastModel(before, _width, _bitDepth);
        }

        _model.StartPlane();
        _planes = [_planes[2], _planes[0], _planes[1]]; // the oldest is free
        _errors = [_errors[2], _errors[0], _errors[1]];
        _planes[0].Start(1 << (_bitDepth - 1));
        _errors[0].Start(0);
        for (int y = 0; y < _height; y++)
        {
            CodeRow(ref coder, _model, y, samples.Slice(y * _width, _width));
        }
    }

    private void CodeRow<TCoder>(ref TCoder coder, FastModel model, int y, Span<ushort> samples)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        PlaneContext planes = new(_planes[0].Samples, model.PlanesBefore > 0 ? _planes[1].Samples : [],
            model.PlanesBefore > 1 ? _planes[2].Samples : [], _planes[0].Stride);
        Span<int> predictions = _predictions.AsSpan(0, model.Fixed + 2);
        for (int x = 0; x < samples.Length; x++)
        {
            int at = _planes[0].Find(x, y);
            Predict(model, planes, at, x, y, predictions);
            int blend = predictions[^1];
            int energy = _means[model.Fixed + 1];
            if (model.PlanesBefore > 0)
            {
                energy = ((7 * energy) + Around(_errors[1].Samples, at, planes.Stride)) >> 3; // spec 13.8-4
            }

            int level = ErrorScale.Level(energy >> 1, model.Grades) >> 1;
            SelectContexts(model, planes, at, (x & 1) + (2 * (y & 1)), level);
            int centre = Math.Clamp((blend + 4) >> 3, 1, _most);
            int value = new FastSample(model.Mixer, level).Code(ref coder, samples[x], centre, _most);
            samples[x] = (ushort)value;
            model.Filter.Learn(value);
            model.Errors.Learn(x, y, predictions, value);
            _planes[0].Set(x, y, value);
            _errors[0].Set(x, y, (8 * value) - blend);
        }

        model.Errors.EndRow(y);
        _planes[0].EndRow(y);
        _errors[0].EndRow(y);
    }

    // spec 13.8-2
    private void Predict(FastModel model, in PlaneContext planes, int at, int x, int y, Span<int> predictions)
    {
        Neighbours own = new(planes.Own, at, planes.Stride);
        Neighbours near = planes.Near.Length > 0 ? new Neighbours(planes.Near, at, planes.Stride) : default;
        Neighbours far = planes.Far.Length > 0 ? new Neighbours(planes.Far, at, planes.Stride) : default;
        PixelPredictors.Predict(own, near, far, 1 << Math.Max(0, _bitDepth - 8), _all);
        int most = 8 * _most;
        ReadOnlySpan<byte> taken = FastModel.PredictorsOf(model.PlanesBefore);
        for (int i = 0; i < taken.Length; i++)
        {
            predictions[i] = Math.Clamp(_all[taken[i]], 0, most);
        }

        predictions[model.Fixed] = model.Filter.Predict(planes, at);
        model.Errors.Fill(x, y, _means);
        predictions[^1] = NeighbourErrors.Blend(predictions[..^1], _means.AsSpan(0, predictions.Length - 1), 1);
    }

    private void SelectContexts(FastModel model, in PlaneContext planes, int at, int phase, int level) // spec 13.8-5
    {
        int[] errors = _errors[0].Samples;
        int stride = planes.Stride;
        int blend = _predictions[model.Fixed + 1];
        int coarse = model.CoarseLevels;
        int low = level / 2;
        int median = _predictions[model.PlanesBefore == 0 ? 2 : 0];
        int w = Size(errors[at - 1], 6);
        int n = Size(errors[at - stride], 6);
        int third = model.PlanesBefore switch
        {
            0 => (Size(errors[at - stride + 1], 6) * FastModel.Sizes) + Size(errors[at - stride - 1], 6),
            1 => (Size(_errors[1].Samples[at], 6) * FastModel.Sizes) + w,
            _ => (Size(_errors[1].Samples[at], 6) * FastModel.Sizes) + Size(_errors[2].Samples[at], 6),
        };
        int between = (Size(median - blend, 4) * FastModel.Sizes) + Size(_predictions[model.Fixed] - blend, 4);
        int pattern = Pattern(planes.Own, at, stride, blend >> 3);
        CounterMixer mixer = model.Mixer;
        mixer.Select(0, (level * 8) + ((blend + 4) & 7));
        mixer.Select(1, (((w * FastModel.Sizes) + n) * coarse) + low);
        mixer.Select(2, (between * coarse) + low);
        mixer.Select(3, (third * coarse) + low);
        mixer.Select(4, (((phase * 4) + (((blend + 4) & 7) >> 1)) * model.Levels) + level);
        mixer.Select(5, (pattern * coarse) + low);
        int error = model.PlanesBefore > 0 ? _errors[1].Samples[at] : errors[at - stride];
        int known = Math.Min(7, ErrorScale.Level(Math.Abs(error), model.Grades) / 3);
        mixer.SelectWeights(level, (known * 4) + (pattern & 3)); // spec 13.8-8
    }

    // The signed size of a difference in eighths, 0 to 8; 4 is none.
    private int Size(int difference, int unit) // spec 13.8-5
    {
        int size = Math.Abs(difference) >> Math.Max(0, _bitDepth - 8);
        size = size == 0 ? 0 : size <= unit ? 1 : size <= 3 * unit ? 2 : size <= 9 * unit ? 3 : 4;
        return difference < 0 ? 4 - size : 4 + size;
    }

    private static int Around(int[] errors, int at, int stride) => (2 * Math.Abs(errors[at])) + Math.Abs(errors[at - 1])
        + Math.Abs(errors[at + 1]) + Math.Abs(errors[at - stride]) + Math.Abs(errors[at + stride]);

    // Which of the neighbours, and of two straight lines through them, lie above the prediction.
    private static int Pattern(ReadOnlySpan<int> own, int at, int stride, int blend) // spec 13.8-5
    {
        int w = own[at - 1];
        int n = own[at - stride];
        return (w > blend ? 1 : 0) | (n > blend ? 2 : 0) | (own[at - stride + 1] > blend ? 4 : 0)
            | (own[at - stride - 1] > blend ? 8 : 0) | ((2 * n) - own[at - (2 * stride)] > blend ? 16 : 0)
            | ((2 * w) - own[at - 2] > blend ? 32 : 0);
    }

    private PaddedPlane[] Make() => [new(_width, _height), new(_width, _height), new(_width, _height)];
}
