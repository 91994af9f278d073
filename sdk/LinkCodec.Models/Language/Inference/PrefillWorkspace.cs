namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Room for reading a message into a context: contexts themselves run no network, so they hold no more than their row.
/// Not thread-safe.
/// </summary>
internal sealed class PrefillWorkspace(LanguageModel model) : IDisposable
{
    /// <summary>Quantiser and context mixing to compare with.</summary>
    internal ModelSelector Selector { get; } = new(model);

    /// <summary>The message's tokens.</summary>
    internal TokenizedMessage Plan { get; } = new(model);

    /// <summary>The context's state while it changes.</summary>
    internal SequenceState State { get; } = new(model, model.RentCache(), 0);

    /// <inheritdoc/>
    public void Dispose() => Selector.Dispose();
}
