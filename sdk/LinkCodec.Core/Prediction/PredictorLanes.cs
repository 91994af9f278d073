namespace LinkCodec.Core.Prediction;

/// <summary>
/// The states of up to <see cref="Capacity"/> streams of one <see cref="Predictor"/>, advanced together. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// A lane begins a message, and then codes a symbol and is stepped with it, in turn, until END, which needs no step.
/// Begin, Continue, Encode and Decode are work of one lane; <see cref="Step"/> is what lanes share, a network's batch.
/// Where <see cref="NeedsStep"/> says no, the lane may code its next symbol at once.
/// </remarks>
internal abstract class PredictorLanes : IDisposable
{
    /// <summary>Streams that there is room for.</summary>
    public abstract int Capacity { get; }

    /// <summary>
    /// Whether an encoder's messages that are begun from now on do without networks, where the predictor can do
    /// without: many times faster, and longer. Every decoder reads both.
    /// </summary>
    public virtual bool AvoidsNetworks { get; set; }

    /// <summary>Starts a message in <paramref name="lane"/>, whatever it held before.</summary>
    /// <param name="lane">The lane, 0 to <see cref="Capacity"/> - 1.</param>
    /// <param name="message">The message that is going to be coded, which may end earlier, for a choice that the
    /// predictor codes first.</param>
    /// <param name="hint">The kind of content that the application says the message is.</param>
    /// <param name="context">The context that the message starts from; null for the start state. The lanes do not
    /// change it, nor refer to it afterwards.</param>
    /// <param name="decisions">The list that gets the decisions of the choice, if there is one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lane.</exception>
    /// <exception cref="ArgumentException">The context is of another predictor.</exception>
    public abstract void BeginEncode(int lane, ReadOnlySpan<byte> message, ContentHint hint, StreamContext? context,
        DecisionList decisions);

    /// <summary>
    /// Starts a message in <paramref name="lane"/> that is to be decoded; reads what <see cref="BeginEncode"/> has
    /// coded.
    /// </summary>
    /// <param name="lane">The lane, 0 to <see cref="Capacity"/> - 1.</param>
    /// <param name="context">A context of the same content as the encoder's.</param>
    /// <param name="reader">Stands at the message's first decision.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lane.</exception>
    /// <exception cref="ArgumentException">The context is of another predictor.</exception>
    public abstract void BeginDecode(int lane, StreamContext? context, ref DecisionReader reader);

    /// <summary>
    /// Starts the message that follows the one that has just ended in <paramref name="lane"/>, with all that the lane
    /// has learned: as if it were begun from a context that <see cref="Save"/> has made of the lane.
    /// </summary>
    /// <param name="lane">A lane that has coded END, and was not stepped since.</param>
    /// <param name="message">The message, as for <see cref="BeginEncode"/>.</param>
    /// <param name="hint">The kind of content that the application says the message is.</param>
    /// <param name="decisions">The list that gets the decisions of the choice, if there is one.</param>
    /// <exception cref="InvalidOperationException">The lane was never started.</exception>
    public abstract void ContinueEncode(
        int lane, ReadOnlySpan<byte> message, ContentHint hint, DecisionList decisions);

    /// <summary>The other side of <see cref="ContinueEncode"/>.</summary>
    /// <exception cref="InvalidOperationException">The lane was never started.</exception>
    public abstract void ContinueDecode(int lane, ref DecisionReader reader);

    /// <summary>Copies what the lane has learned, up to the END that it has just coded, into a context.</summary>
    /// <exception cref="InvalidOperationException">The lane was never started, or the predictor keeps no
    /// context.</exception>
    /// <exception cref="ArgumentException">The context is of another predictor.</exception>
    public virtual void Save(int lane, StreamContext context) =>
        throw new InvalidOperationException("This predictor keeps no context.");

    /// <summary>
    /// Adds the decisions of the lane's next symbol and learns from it what the lane learns by itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lane, or the symbol is outside the
    /// alphabet.</exception>
    /// <exception cref="InvalidOperationException">The lane was never started.</exception>
    public abstract void Encode(int lane, int symbol, DecisionList decisions);

    /// <summary>
    /// Reads the decisions of the lane's next symbol and learns from it as <see cref="Encode"/> does.
    /// </summary>
    /// <returns>The symbol. Takes a bounded number of decisions, whatever the code.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lane.</exception>
    /// <exception cref="InvalidOperationException">The lane was never started.</exception>
    public abstract int Decode(int lane, ref DecisionReader reader);

    /// <summary>
    /// Whether a lane that has just coded a symbol has to be stepped before it codes the next one. A model whose steps
    /// are of several bytes says no between them: its lanes then run on until each waits for the model, so that every
    /// step is a full batch.
    /// </summary>
    /// <param name="lane">A started lane whose message has not ended.</param>
    public virtual bool NeedsStep(int lane) => true;

    /// <summary>
    /// Advances the lanes 0 to <c>symbols.Length - 1</c> together, but for those that need no step: they stay as they
    /// are.
    /// </summary>
    /// <remarks>
    /// A lane whose message has ended may be stepped with its end symbol, so that the others can go on: what it gives
    /// next means nothing until it is started again or copied over, and no other lane feels it.
    /// </remarks>
    /// <param name="symbols">The symbol that each lane has just coded; at most <see cref="Capacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lanes are too many, or a symbol is outside the
    /// alphabet.</exception>
    /// <exception cref="InvalidOperationException">One of the lanes was never started.</exception>
    public abstract void Step(ReadOnlySpan<int> symbols);

    /// <summary>
    /// Copies the state of a lane over another, so that the running ones stay together. Done between a symbol and the
    /// step with it: the copy is stepped before it codes anything. The source need not survive: until it is started
    /// again, only the copy may be used.
    /// </summary>
    /// <exception cref="InvalidOperationException">The lane <paramref name="from"/> was never started.</exception>
    public abstract void Copy(int from, int to);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the states.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
