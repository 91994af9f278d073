using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.Quantisation;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// The model in floats, as the importer measures it. Takes four bytes a weight of disk while it lives. Thread-safe, but
/// its use is not.
/// </summary>
internal sealed class FloatTransformer : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    /// <summary>Reads a model, as much of its window as the snapshot has.</summary>
    /// <exception cref="LinkException">The model cannot be imported.</exception>
    public FloatTransformer(string model, int vocabulary, int window)
    {
        try
        {
            using (ModelWeights weights = ModelWeights.Open(model))
            {
                TransformerShape shape = ImportShape.Of(weights.Config, vocabulary, window);
                using FileStream stream = new(_path, FileMode.Create);
                FloatStore.Write(stream, weights.Config, shape,
                    new WeightRotator(weights, shape, RandomSource.FromSeed(0)), (_, _) => { });
            }

            Network = OnnxTransformer.Load(TensorStoreReader.Open(_path), GraphForm.Reference,
                OnnxTransformer.DefaultOptions);
        }
        catch
        {
            File.Delete(_path);
            throw;
        }
    }

    /// <summary>The network.</summary>
    public OnnxTransformer Network { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        File.Delete(_path);
    }
}
