using System.Collections.Concurrent;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Lends contexts of one predictor and takes them back, so that few are made. Thread-safe. Owns those that are
/// not lent.</summary>
/// <param name="predictor">The predictor; must outlive the contexts.</param>
internal sealed class ContextPool(Predictor predictor) : IDisposable
{
    // A context may take megabytes: what is not needed at once goes back to the predictor.
    private const int MostSpare = 8;

    private readonly ConcurrentBag<StreamContext> _spare = [];

    /// <summary>Whether there are contexts at all.</summary>
    public bool HasContexts => predictor.KeepsContext;

    /// <summary>A context that holds anything; null where the predictor keeps none.</summary>
    public StreamContext? Rent() => _spare.TryTake(out StreamContext? context) ? context : predictor.CreateContext();

    /// <summary>Takes a context back that nobody uses any more.</summary>
    public void Return(StreamContext? context)
    {
        if (context is null || _spare.Count >= MostSpare)
        {
            context?.Dispose();
        }
        else
        {
            _spare.Add(context);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_spare.TryTake(out StreamContext? context))
        {
            context.Dispose();
        }
    }
}
