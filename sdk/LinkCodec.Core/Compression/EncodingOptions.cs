using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>The things that all messages of a batch have in common.</summary>
internal sealed record EncodingOptions
{
    /// <summary>Lends the contexts that units leave behind.</summary>
    public required ContextPool Contexts { get; init; }

    /// <summary>The kind of content that the application says the messages are.</summary>
    public ContentHint Hint { get; init; }

    /// <summary>Whether the predictor does without networks.</summary>
    public bool AvoidsNetworks { get; init; }

    /// <summary>The context that new units start from, which must not change while the batch is coded; null for the
    /// start state.</summary>
    public StreamContext? Context { get; init; }

    /// <summary>The slot of <see cref="Context"/>; 0 without one.</summary>
    public int Base { get; init; }

    /// <summary>Whether each unit goes on where the one before it has ended, as in a file in which nothing is
    /// lost.</summary>
    public bool IsChained { get; init; }

    /// <summary>A unit that begins a stretch of messages.</summary>
    /// <param name="maxSize">Bytes of a unit at most.</param>
    /// <param name="frequencyBits">The predictor's <see cref="Predictor.FrequencyBits"/>.</param>
    public OpenUnit NewUnit(int maxSize, int frequencyBits) => new(maxSize, frequencyBits)
    {
        Base = Base,
        Start = Context,
        Keep = IsChained ? (Base == 1 ? 2 : 1) : 0,
    };
}
