namespace LinkCodec.Core.Session;

/// <summary>The share of segments that the path loses, and whether in bursts, from what reports tell.</summary>
/// <remarks>It remembers some four thousand segments, and half of what was before them. Before the first report it
/// takes one in 100 for lost.</remarks>
internal sealed class LossEstimate
{
    /// <summary>The share that stands for all segments.</summary>
    public const int One = 1 << 16;

    private const long Memory = 4096;
    // More in a row are an outage: it says nothing of what comes.
    private const long LongestRun = 64;
    private const long PriorSegments = 200;
    private const long PriorLosses = 2;

    private long _segments;
    private long _losses;
    private long _holes;
    private long _runs;

    /// <summary>The share of segments that are lost, in parts of <see cref="One"/>.</summary>
    public int Share =>
        (int)Math.Clamp(One * (_losses + PriorLosses) / (_segments + PriorSegments), 1, One * 3 / 4);

    /// <summary>Whether losses come in runs more than twice as long as where each segment has its own chance.</summary>
    public bool IsBursty => _runs >= 8 && _holes * (One - Share) > 2L * One * _runs;

    /// <summary>The fate of so many more segments is known.</summary>
    public void OnSegments(long count)
    {
        _segments += count;
        if (_segments > Memory)
        {
            (_segments, _losses) = (_segments / 2, _losses / 2);
            (_holes, _runs) = (_holes / 2, _runs / 2);
        }
    }

    /// <summary>So many of them were lost; less than 0 where they were not after all.</summary>
    public void OnLosses(long count) => _losses = Math.Max(0, _losses + count);

    /// <summary>A report shows a row of segments that did not come, one behind the other.</summary>
    /// <returns>Whether they count as lost.</returns>
    public bool OnRun(long length)
    {
        bool counts = length <= LongestRun;
        _losses += counts ? length : 0;
        _holes += counts ? length : 0;
        _runs += counts ? 1 : 0;
        return counts;
    }
}
