using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Bytes;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>Trains the context mixing of a snapshot around networks.</summary>
public static class SnapshotTrainer
{
    /// <summary>
    /// Loads the networks and trains. Takes some 40 microseconds a sample byte and pass, three passes, with a network
    /// of two million parameters; 10 without one.
    /// </summary>
    /// <param name="recipe">The recipe, whose profiles name the networks by their place; each network must be
    /// named.</param>
    /// <param name="samples">The samples that <see cref="SamplePicker"/> picked by the recipe.</param>
    /// <param name="networks">The graphs: a location for error messages, and the bytes of an ONNX file each.</param>
    /// <param name="table">The bytes of "weights-table.bin"; not looked at without networks.</param>
    /// <param name="threads">Profiles trained at once, 1 at least. The result does not depend on it.</param>
    /// <param name="log">Told of progress, in lines; called from any thread.</param>
    /// <returns>The bytes of "context-mixing.bin", and of "dictionary.bin", empty where there is no
    /// dictionary.</returns>
    /// <exception cref="ArgumentException">A profile names a network that is not there, or a network is named by none,
    /// or there is nothing to learn from, or the dictionary is too large.</exception>
    /// <exception cref="LinkException">A graph or the table is not what it should be.</exception>
    internal static (byte[] Model, byte[] Dictionary) Train(
        TrainingRecipe recipe,
        SampleSet samples,
        IReadOnlyList<(string Location, ReadOnlyMemory<byte> Graph)> networks,
        ReadOnlyMemory<byte> table,
        int threads,
        Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Check(recipe, samples, networks.Count);
        List<ByteModel> models = [];
        try
        {
            WeightsTable? weights = networks.Count == 0 ? null : WeightsTable.Parse(table.Span);
            foreach ((string location, ReadOnlyMemory<byte> graph) in networks)
            {
                models.Add(Load(location, graph, weights!));
            }

            ContextMixingTrainer trainer = new([.. recipe.Profiles.Select(profile => profile.Spec)], models,
                samples.Dictionary.Span);
            return trainer.Train(
                samples.Runs,
                (count, body) => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body),
                log);
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }
    }

    private static ByteNetModel Load(string location, ReadOnlyMemory<byte> graph, WeightsTable table)
    {
        try
        {
            return ByteNetModel.Load(graph.ToArray(), table, SnapshotSealer.ShapeOf(graph), location);
        }
        catch (LinkException e)
        {
            throw new LinkException(e.Code, $"{location}: {e.Message}", e);
        }
    }

    private static void Check(TrainingRecipe recipe, SampleSet samples, int networks)
    {
        foreach (ProfileRule profile in recipe.Profiles)
        {
            if (profile.Spec.Network >= networks)
            {
                throw new ArgumentException($"The profile '{profile.Spec.Name}' names network {profile.Spec.Network}, "
                    + $"but only {networks} were given.");
            }
        }

        for (int i = 0; i < networks; i++)
        {
            if (recipe.Profiles.All(profile => profile.Spec.Network != i))
            {
                throw new ArgumentException($"Network {i} was given, but no profile names it.");
            }
        }

        if (samples.Runs.Count == 0)
        {
            throw new ArgumentException("No file fits any profile: there is nothing to learn from.");
        }

        if (samples.Dictionary.Length > ContextMixingTrainer.MaxDictionaryBytes)
        {
            throw new ArgumentException($"The dictionary would have {samples.Dictionary.Length} bytes, and "
                + $"{ContextMixingTrainer.MaxDictionaryBytes} are allowed: lower dictionaryKilobytes.");
        }
    }
}
