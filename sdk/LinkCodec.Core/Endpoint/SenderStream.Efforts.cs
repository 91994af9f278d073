using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

// The efforts that there are, and trials of two of them on a sample of what waits.
internal sealed partial class SenderStream
{
    private IEnumerable<Effort> Efforts() => new (Effort Effort, bool IsThere)[]
    {
        (Effort.Stored, true),
        (Effort.Fast, _compressors is not null),
        (Effort.Primed, true),
        (Effort.Flight, _predictor.CanAvoidNetworks),
        (Effort.Full, _predictor.HasNetworks),
    }.Where(one => one.IsThere).Select(one => one.Effort);

    private EncodingWork? TryBeginTrial()
    {
        bool isWanted = !_options.IsFile && _options.Hint != ContentHint.Compressed && !_inbox.IsMediaNext
            && _inbox.Bytes >= EffortTrial.SampleBytes && _effort.WantsTrial(_now, WaitingBytes);
        return !isWanted ? null : new EncodingWork(this, _predictor, _compressors, [], null)
        {
            Trial = new EffortTrial(_inbox.Peek(EffortTrial.SampleBytes), _predictor, _pool, _session.MaxUnitSize,
                _options.Hint),
            StartedAt = _now,
        };
    }

    private void End(EffortTrial trial, Timestamp now)
    {
        _effort.OnTried(trial.End(), now);
        trial.Dispose();
    }
}
