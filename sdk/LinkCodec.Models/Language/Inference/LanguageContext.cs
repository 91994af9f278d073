using LinkCodec.Core.Prediction;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Earlier messages of a stream: those that the language model coded, as a row of the network that messages go on from,
/// as a longer history that is searched for repeats, and as tables of what that search and the ends of messages are
/// worth; and those that context mixing coded, as it remembers them.
/// </summary>
/// <remarks>
/// Memory: a row of at most the shape's context tokens, in the network's cache: for 135 million parameters some 12 MB a
/// 1,000 tokens; and 4 bytes a token of the vocabulary, 65 KB of history, 320 KB of context mixing. Spec:
/// protocol-spec/11-language-models.md, section 7.
/// </remarks>
internal sealed class LanguageContext : StreamContext
{
    private readonly LanguageModel _model;
    private KvCache? _cache; // null where making the context has failed, and once it is handed back

    /// <summary>A context that has absorbed nothing.</summary>
    internal LanguageContext(LanguagePredictor predictor)
    {
        Predictor = predictor;
        _model = predictor.Model;
        ContextMixing = _model.ContextMixing.CreateContext();
        Probabilities = new ModelProbabilities(_model.Hints);
        _cache = _model.RentCache();
        State = new SequenceState(_model, _cache, 0);
    }

    // The model still holds the cache, so that nothing of it is gone yet.
    ~LanguageContext() => Dispose(disposing: false);

    /// <summary>The predictor whose context this is.</summary>
    internal LanguagePredictor Predictor { get; }

    /// <summary>The context of context mixing.</summary>
    internal StreamContext ContextMixing { get; }

    /// <summary>The state of the network behind the messages; holds nothing before <see cref="HasRead"/>.</summary>
    internal SequenceState State { get; }

    /// <summary>Whether the network has read a message.</summary>
    internal bool HasRead { get; private set; }

    /// <summary>The probabilities of the model that the messages would have chosen.</summary>
    internal ModelProbabilities Probabilities { get; }

    /// <summary>Makes it a context of no message.</summary>
    internal void Clear()
    {
        HasRead = false;
        Probabilities.CopyFrom(Predictor.Probabilities);
    }

    /// <summary>Takes a message of which the network's row has every token.</summary>
    /// <param name="state">The state behind the message; changed.</param>
    /// <param name="last">The message's last byte; -1 where it is empty.</param>
    internal void Read(SequenceState state, int last)
    {
        if (state.Count > _model.Shape.ContextTokens)
        {
            state.Keep(_model.Shape.ContextTokens / 2); // spec 11.7-3
        }

        if (last != '\n')
        {
            state.Join(); // spec 11.7-2
        }

        State.CopyFrom(state);
        HasRead = true;
    }

    /// <inheritdoc/>
    public override StreamContext Clone()
    {
        LanguageContext clone = new(Predictor);
        clone.CopyFrom(this);
        return clone;
    }

    /// <inheritdoc/>
    public override void CopyFrom(StreamContext other)
    {
        LanguageContext source = Predictor.ContextOf(other) ?? throw new ArgumentNullException(nameof(other));
        ContextMixing.CopyFrom(source.ContextMixing);
        Probabilities.CopyFrom(source.Probabilities);
        HasRead = source.HasRead;
        if (HasRead)
        {
            State.CopyFrom(source.State);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_cache is not null)
        {
            _model.Return(_cache);
            _cache = null;
        }
    }
}
