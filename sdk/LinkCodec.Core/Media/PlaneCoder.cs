using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the planes of an image one after another: each sample is predicted in many ways, and the decisions that lead
/// to it are coded with the mixed opinion of the experts.
/// </summary>
internal sealed class PlaneCoder
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _bitDepth;
    private readonly int _most;
    private readonly int[] _predictions = new int[32];
    private readonly int[] _means = new int[32];
    private readonly ImageMixers _mixers;
    private PaddedPlane[] _planes;
    private PlaneCosts _costs;
    private PlaneCosts _nearCosts;
    private PlaneModel? _model;
    private int _coded;

    /// <summary>A coder for planes of one size.</summary>
    /// <param name="width">Samples a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bitDepth">Bits a sample.</param>
    /// <param name="mixers">The mixers; in training they have seen other images.</param>
    internal PlaneCoder(int width, int height, int bitDepth, ImageMixers mixers)
    {
        _mixers = mixers;
        (_width, _height, _bitDepth, _most) = (width, height, bitDepth, (1 << bitDepth) - 1);
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
        _model.Errors.Reset();
        _model.Large.Reset();
        _model.Small.Reset();
        _costs.Start();
        _coded++;
    }

    /// <summary>Codes a row of the plane that was started last.</summary>
    /// <param name="coder">Writes the samples or reads them.</param>
    /// <param name="y">The row; rows come in order.</param>
    /// <param name="samples">The row's samples; filled where the coder reads.</param>
    internal void CodeRow<TCoder>(ref TCoder coder, int y, Span<ushort> samples)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        PlaneModel model = _model!;
        model.Large.StartRow();
        model.Small.StartRow();
        int before = model.PlanesBefore;
        PlaneContext planes = new(_planes[0].Samples, before > 0 ? _planes[1].Samples : [],
            before > 1 ? _planes[2].Samples : [], _planes[0].Stride);
        DecisionCoder decisions = new(model, _most);
        for (int x = 0; x < samples.Length; x++)
        {
            Predict(model, planes, x, y);
            Situation situation = Prepare(model, planes, x, y);
            int value = decisions.Code(ref coder, samples[x], situation);
            samples[x] = (ushort)value;
            model.Experts.Learn(value);
            model.Errors.Learn(x, y, _predictions.AsSpan(0, model.Predictors), value);
            model.Large.Learn(x, value);
            model.Small.Learn(x, value);
            _costs.Set(x, y, decisions.Cost);
            _planes[0].Set(x, y, value);
        }

        _planes[0].EndRow(y);
        model.Errors.EndRow(y);
        _costs.EndRow(y);
    }

    private void Predict(PlaneModel model, in PlaneContext planes, int x, int y)
    {
        int at = _planes[0].Find(x, y);
        Span<int> predictions = _predictions.AsSpan(0, model.Predictors);
        Neighbours own = new(planes.Own, at, planes.Stride);
        Neighbours near = planes.Near.Length > 0 ? new Neighbours(planes.Near, at, planes.Stride) : default;
        Neighbours far = planes.Far.Length > 0 ? new Neighbours(planes.Far, at, planes.Stride) : default;
        PixelPredictors.Predict(own, near, far, 1 << Math.Max(0, _bitDepth - 8), predictions);
        int most = 8 * _most;
        foreach (ref int prediction in predictions[..model.Fixed])
        {
            prediction = Math.Clamp(prediction, 0, most);
        }

        planes.FillLarge(at, model.Large.Inputs);
        planes.FillSmall(at, model.Small.Inputs);
        predictions[model.Fixed] = model.Large.Predict(x, most);
        predictions[model.Fixed + 1] = model.Small.Predict(x, most);
        Span<int> means = _means.AsSpan(0, model.Predictors);
        model.Errors.Fill(x, y, means);
        predictions[model.Fixed + 2] = NeighbourErrors.Blend(predictions[..(model.Fixed + 2)], means, 2);
    }

    // Hands every expert what it needs, and says what the mixer chooses its weights by.
    private Situation Prepare(PlaneModel model, in PlaneContext planes, int x, int y) // spec 13.4-8
    {
        SampleExperts experts = model.Experts;
        int blend = model.Predictors - 1;
        int levels = model.Levels;
        int blendLevel = ErrorScale.Level(_means[blend] >> 1, levels);
        int nearCost = planes.PlanesBefore > 0 ? _nearCosts.At(x, y) : 0;
        int around = _costs.Around(x, y);
        int cost = ErrorScale.Level(around / 12, ErrorScale.BaseLevels);
        int second = planes.PlanesBefore == 0
            ? cost
            : ErrorScale.Level((around + (2 * nearCost)) / 16, ErrorScale.BaseLevels);
        int secondShift = ErrorScale.ShiftOf(blendLevel);
        for (int i = 0; i <= blend; i++)
        {
            int origin = _predictions[i] >> 3;
            int fraction = (_predictions[i] & 7) >> 1;
            int level = ErrorScale.Level(_means[i] >> 1, levels);
            experts.SetHistogram(i, model.Histograms.Find(i, level, fraction), origin, ErrorScale.ShiftOf(level));
            if (i >= model.Fixed)
            {
                int index = i + PlaneModel.SecondHistograms;
                experts.SetHistogram(index, model.Histograms.Find(index, second, fraction), origin, secondShift);
            }
        }

        experts.SetDensity(0, _predictions[blend], _means[blend]);
        experts.SetDensity(1, _predictions[model.Fixed], _means[model.Fixed]);
        int phase = ((y & 1) * 2) + (x & 1);
        ContextSlots.Set(planes, _planes[0].Find(x, y), phase, (_predictions[model.Fixed] + 4) >> 3, model.Contexts,
            experts);
        return new Situation
        {
            Centre = Math.Min(_predictions[blend] >> 3, _most - 1),
            Shift = secondShift,
            BlendLevel = blendLevel,
            CoarseLevel = blendLevel * 16 / levels,
            CostLevel = second * 16 / ErrorScale.BaseLevels,
            NearLevel = planes.PlanesBefore == 0
                ? 0
                : Math.Min(3, ErrorScale.Level(nearCost / 2, ErrorScale.BaseLevels) / 5),
            Phase = phase,
            Confidence = experts.Confidence(),
        };
    }
}
