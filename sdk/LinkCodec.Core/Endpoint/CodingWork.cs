using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Something to code or decode that an endpoint has handed out. Whoever took it calls <see cref="Prepare"/> once, runs
/// its batch, and brings it back.
/// </summary>
/// <remarks>
/// It touches nothing that the endpoint touches meanwhile, so it may run on any thread; what it becomes depends on
/// nothing but itself.
/// </remarks>
internal abstract class CodingWork(object owner, Predictor predictor)
{
    /// <summary>Which part of the endpoint waits for it.</summary>
    internal object Owner => owner;

    /// <summary>The model.</summary>
    public Predictor Predictor => predictor;

    /// <summary>Why it could not be done; null where it was.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Bytes of messages that were coded or decoded, once it is done: what its time is measured by.</summary>
    public abstract long MessageBytes { get; }

    /// <summary>
    /// What has to be done before the batch can run: absorbing contexts. Of a language model up to a millisecond a
    /// byte.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract void Prepare(CancellationToken cancellationToken);
}
