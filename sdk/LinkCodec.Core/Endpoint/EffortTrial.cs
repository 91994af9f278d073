using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// A sample of the messages that wait, coded once by primed mixing and once by context mixing without networks, to find
/// out which of the two makes such messages shorter. What the sample becomes is not sent.
/// </summary>
/// <remarks>
/// What batches become cannot tell: messages of one batch differ from those of the next by far more than the efforts
/// do. Both begin without a context.
/// </remarks>
internal sealed class EffortTrial : IDisposable
{
    /// <summary>Bytes of the sample, about.</summary>
    public const int SampleBytes = 8 << 10;

    private readonly IReadOnlyList<OutgoingMessage> _sample;
    private readonly int _maxUnitSize;
    private readonly UnitStream _units;
    private long _primedBytes;

    /// <summary>Plans the trial.</summary>
    /// <param name="sample">The messages.</param>
    /// <param name="predictor">The model.</param>
    /// <param name="contexts">Lends contexts; the caller's.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most.</param>
    /// <param name="hint">The kind of content.</param>
    public EffortTrial(IReadOnlyList<OutgoingMessage> sample, Predictor predictor, ContextPool contexts,
        int maxUnitSize, ContentHint hint)
    {
        (_sample, _maxUnitSize) = (sample, maxUnitSize);
        MessageBytes = sample.Sum(message => (long)message.Length);
        _units = new UnitStream(predictor, contexts, maxUnitSize, isChained: false);
        Batch = _units.Begin(sample, 1, hint, avoidsNetworks: true);
    }

    /// <summary>Bytes of the messages.</summary>
    public long MessageBytes { get; }

    /// <summary>The batch that an encoder runs.</summary>
    public EncodingBatch Batch { get; }

    /// <summary>Codes the sample by primed mixing.</summary>
    public void PackPrimed(PrimedUnits packer) =>
        _primedBytes = packer.Pack(_sample, _maxUnitSize, endsShort: true, out _)
            .Sum(unit => (long)unit.PayloadBytes);

    /// <summary>What the sample became, once both are done, in bytes.</summary>
    public (long Primed, long Flight) End()
    {
        _units.End(Batch);
        _units.CloseOpen();
        return (_primedBytes, _units.FullBytes);
    }

    public void Dispose() => _units.Dispose();
}
