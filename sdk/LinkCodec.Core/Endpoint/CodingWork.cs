using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Something to code or decode that an endpoint has handed out. Whoever took it runs its batch and brings it back.
/// </summary>
/// <remarks>
/// A piece of work touches nothing that the endpoint touches meanwhile, so it may run on any thread; its result depends
/// on nothing but itself.
/// </remarks>
internal abstract class CodingWork(object owner, Predictor predictor, BlockCompressorFactory? compressors)
{
    /// <summary>The part of the endpoint that waits for the work.</summary>
    internal object Owner => owner;

    /// <summary>The model.</summary>
    public Predictor Predictor => predictor;

    /// <summary>Makes the compressors of blocks; null where there are none.</summary>
    public BlockCompressorFactory? Compressors => compressors;

    /// <summary>The exception that the work failed with; null where it did not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The seconds that a driver in real time has measured; null where nobody did.</summary>
    public double? Seconds { get; set; }

    /// <summary>Bytes of messages that were coded or decoded, once it is done: what its time is measured by.</summary>
    public abstract long MessageBytes { get; }
}
