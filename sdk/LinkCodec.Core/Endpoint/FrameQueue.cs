using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Endpoint;

/// <summary>Data frames that wait to be decoded, in the order in which they came.</summary>
internal sealed class FrameQueue
{
    private const int MaxBatch = 256;

    private readonly List<DataFrame> _frames = [];

    /// <summary>
    /// The memory that the frames take that wait or are being decoded: their payloads, and
    /// <see cref="CompressionLimits.HeldCost"/> for each.
    /// </summary>
    public long Cost { get; private set; }

    public void Add(IReadOnlyList<DataFrame> frames)
    {
        _frames.AddRange(frames);
        Cost += frames.Sum(CostOf);
    }

    /// <summary>Whether a frame waits whose first message is not beyond <paramref name="last"/>.</summary>
    public bool Any(ulong last) => _frames.Exists(frame => frame.FirstMessage <= last);

    /// <summary>Takes the oldest frames whose first message is not beyond <paramref name="last"/>.</summary>
    public List<DataFrame> Take(ulong last)
    {
        List<DataFrame> taken = [];
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
        return taken;
    }

    /// <summary>
    /// Frames that were taken are done with, but for those from <paramref name="done"/> on, which wait again, before
    /// all others.
    /// </summary>
    public void Release(IReadOnlyList<DataFrame> taken, int done)
    {
        _frames.InsertRange(0, taken.Skip(done));
        Cost -= taken.Take(done).Sum(CostOf);
    }

    private static long CostOf(DataFrame frame) => frame.Payload.Length + CompressionLimits.HeldCost;
}
