using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Endpoint;

/// <summary>Units that wait to be decoded, in the order in which they came.</summary>
internal sealed class FrameQueue
{
    private const int MaxBatch = 64;

    private readonly List<IReadOnlyList<DataFrame>> _units = [];

    /// <summary>
    /// The memory that the frames take that wait or are being decoded: their payloads, and
    /// <see cref="CompressionLimits.HeldCost"/> for each.
    /// </summary>
    public long Cost { get; private set; }

    public void Add(IReadOnlyList<DataFrame> unit)
    {
        _units.Add(unit);
        Cost += CostOf(unit);
    }

    /// <summary>Whether a unit waits whose first message is not beyond <paramref name="last"/>.</summary>
    public bool Any(ulong last) => _units.Exists(unit => unit[0].FirstMessage <= last);

    /// <summary>Takes the oldest units whose first message is not beyond <paramref name="last"/>, and those before them
    /// that start from a slot which one of these fills anew.</summary>
    public List<IReadOnlyList<DataFrame>> Take(ulong last)
    {
        List<IReadOnlyList<DataFrame>> taken = [];
        int kept = 0;
        int at = 0;
        int refilled = 0;
        foreach (DataFrame frame in _units.Where(unit => unit[0].FirstMessage <= last).SelectMany(unit => unit))
        {
            refilled |= 1 << frame.Keep;
        }

        for (; at < _units.Count && taken.Count < MaxBatch; at++)
        {
            int start = _units[at].FirstOrDefault(frame => frame.IsCoded).Base;
            if (_units[at][0].FirstMessage <= last || (start != 0 && (refilled >> start & 1) != 0))
            {
                taken.Add(_units[at]);
            }
            else
            {
                _units[kept++] = _units[at];
            }
        }

        _units.RemoveRange(kept, at - kept);
        return taken;
    }

    /// <summary>
    /// Units that were taken are done with, but for those from <paramref name="done"/> on, which wait again, before
    /// all others.
    /// </summary>
    public void Release(IReadOnlyList<IReadOnlyList<DataFrame>> taken, int done)
    {
        _units.InsertRange(0, taken.Skip(done));
        Cost -= taken.Take(done).Sum(CostOf);
    }

    private static long CostOf(IReadOnlyList<DataFrame> unit) =>
        unit.Sum(frame => (long)frame.Payload.Length + CompressionLimits.HeldCost);
}
