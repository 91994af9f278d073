using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.Quantisation;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Running;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Benchmarks.Language;

/// <summary>The model in floats, as the importer measures it. Takes four bytes a weight of disk while it lives. Thread-safe, but its use is not.</summary>
internal sealed class FloatNetwork : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    /// <summary>Reads a model, as much of its window as the snapshot has.</summary>
    /// <exception cref="LinkException">The model cannot be imported.</exception>
    public FloatNetwork(string model, int vocabulary, int window)
    {
        try
        {
            using (ModelWeights weights = ModelWeights.Open(model))
            {
                LanguageShape shape = ImportShape.Of(weights.Description, vocabulary, window);
                using FileStream stream = new(_path, FileMode.Create);
                FloatStore.Write(stream, weights.Description, shape, new WeightTurner(weights, shape, RandomSource.FromSeed(0)), (_, _) => { });
            }

            Network = GraphLanguageNetwork.Load(TensorStoreReader.Open(_path), GraphForm.Reference, GraphLanguageNetwork.DefaultOptions);
        }
        catch
        {
            File.Delete(_path);
            throw;
        }
    }

    /// <summary>The network.</summary>
    public GraphLanguageNetwork Network { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        File.Delete(_path);
    }
}
