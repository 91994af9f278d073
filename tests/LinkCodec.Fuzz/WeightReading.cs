using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;

namespace LinkCodec.Fuzz;

/// <summary>What must hold of any model that was opened.</summary>
internal static class WeightReading
{
    /// <summary>
    /// Every weight that the config calls for is there, of its size, and finite where it is given at all.
    /// </summary>
    internal static void ReadAll(ModelWeights model)
    {
        foreach (WeightLayout.Weight weight in WeightLayout.Of(model.Config)
            .Where(weight => weight.IsRequired || model.Has(weight.Name)))
        {
            if (model.Dimensions(weight.Name) != (weight.Rows, weight.Columns))
            {
                throw new InvalidOperationException($"{weight.Name}: not {weight.Rows} x {weight.Columns}");
            }

            float[] numbers = new float[weight.Rows * weight.Columns];
            try
            {
                model.Read(weight.Name, 0, numbers);
            }
            catch (LinkException)
            {
                continue; // a number that is not finite
            }

            if (!Array.TrueForAll(numbers, float.IsFinite))
            {
                throw new InvalidOperationException($"{weight.Name}: a number that is not finite");
            }
        }
    }
}
