using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the rows of a plane: each sample is predicted in many ways, and the decisions that lead to it are coded with
/// the mixed opinion of the experts.
/// </summary>
internal sealed class RowCoder(int bitDepth)
{
    private readonly int _bitDepth = bitDepth;
    private readonly int _most = (1 << bitDepth) - 1;
    private readonly int[] _predictions = new int[32];
    private readonly int[] _means = new int[32];

    /// <summary>Codes a row.</summary>
    /// <param name="coder">Writes the samples or reads them.</param>
    /// <param name="model">What planes of the kind have taught.</param>
    /// <param name="plane">The plane and those around it.</param>
    /// <param name="y">The row; rows come in order.</param>
    /// <param name="samples">The row's samples; filled where the coder reads.</param>
    internal void CodeRow<TCoder>(ref TCoder coder, PlaneModel model, PlaneScene plane, int y, Span<ushort> samples)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        model.Large.StartRow();
        model.Small.StartRow();
        PlaneContext planes = plane.ToContext();
        DecisionCoder decisions = new(model, _most);
        for (int x = 0; x < samples.Length; x++)
        {
            Predict(model, plane, planes, x, y);
            Situation situation = Prepare(model, plane, planes, x, y);
            int value = decisions.Code(ref coder, samples[x], situation);
            samples[x] = (ushort)value;
            model.Experts.Learn(value);
            model.Errors.Learn(x, y, _predictions.AsSpan(0, model.Predictors), value);
            model.Large.Learn(x, value);
            model.Small.Learn(x, value);
            plane.Costs.Set(x, y, decisions.Cost);
            plane.Own.Set(x, y, value);
        }

        plane.Own.EndRow(y);
        model.Errors.EndRow(y);
        plane.Costs.EndRow(y);
    }

    private void Predict(PlaneModel model, PlaneScene plane, in PlaneContext planes, int x, int y)
    {
        int at = plane.Own.Find(x, y);
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

        if (model.LargeTaps is not null)
        {
            model.LargeTaps.Fill(planes, at, model.Large.Inputs);
            model.SmallTaps!.Fill(planes, at, model.Small.Inputs);
        }
        else
        {
            planes.FillLarge(at, model.Large.Inputs);
            planes.FillSmall(at, model.Small.Inputs);
        }

        predictions[model.Fixed] = model.Large.Predict(x, most);
        predictions[model.Fixed + 1] = model.Small.Predict(x, most);
        Span<int> means = _means.AsSpan(0, model.Predictors);
        model.Errors.Fill(x, y, means);
        predictions[model.Fixed + 2] = NeighbourErrors.Blend(predictions[..(model.Fixed + 2)], means, 2);
    }

    // Hands every expert what it needs, and says what the mixer chooses its weights by.
    // spec 13.4-8
    private Situation Prepare(PlaneModel model, PlaneScene plane, in PlaneContext planes, int x, int y)
    {
        SampleExperts experts = model.Experts;
        int blend = model.Predictors - 1;
        int levels = model.Levels;
        int blendLevel = ErrorScale.Level(_means[blend] >> 1, levels);
        int nearCost = plane.NearCosts?.At(x, y) ?? 0;
        int around = plane.Costs.Around(x, y);
        int cost = ErrorScale.Level(around / 12, ErrorScale.BaseLevels);
        int second = plane.NearCosts is null
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
        ContextSlots.Set(planes, plane.Own.Find(x, y), phase, (_predictions[model.Fixed] + 4) >> 3, model.Contexts,
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
