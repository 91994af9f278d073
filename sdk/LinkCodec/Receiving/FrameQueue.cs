using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;

namespace LinkCodec;

/// <summary>Frames that wait to be decoded, in the order in which they came. Thread-safe.</summary>
internal sealed class FrameQueue
{
    private const int MaxBatch = 256;

    private readonly Lock _gate = new();
    private readonly List<DataFrame> _frames = [];
    private long _cost;
    private bool _isComplete;

    /// <summary>What the frames hold that wait or are being decoded: their payloads, and <see cref="CompressionLimits.HeldCost"/> for each.</summary>
    public long Cost => Interlocked.Read(ref _cost);

    /// <summary>Whether no more frames come.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_gate)
            {
                return _isComplete;
            }
        }
    }

    public void Add(IReadOnlyList<DataFrame> frames)
    {
        lock (_gate)
        {
            _frames.AddRange(frames);
        }

        Interlocked.Add(ref _cost, frames.Sum(CostOf));
    }

    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
        }
    }

    /// <summary>Takes the oldest frames whose first message is not beyond <paramref name="last"/>.</summary>
    public List<DataFrame> Take(ulong last)
    {
        List<DataFrame> taken = [];
        lock (_gate)
        {
            int kept = 0;
            int at = 0;
            for (; at < _frames.Count && taken.Count < MaxBatch; at++)
            {
                if (_frames[at].FirstMessage <= last)
                {
                    taken.Add(_frames[at]);
                }
                else
                {
                    _frames[kept++] = _frames[at];
                }
            }

            _frames.RemoveRange(kept, at - kept);
        }

        return taken;
    }

    /// <summary>Frames that were taken are done with.</summary>
    public void Release(IReadOnlyList<DataFrame> taken) => Interlocked.Add(ref _cost, -taken.Sum(CostOf));

    private static long CostOf(DataFrame frame) => frame.Payload.Length + CompressionLimits.HeldCost;
}
