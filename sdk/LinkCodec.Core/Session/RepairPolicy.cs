using System.Numerics;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>Decides when the sender of an erasure code sends a repair.</summary>
/// <remarks>
/// <para>With a share that the options fix, a repair is due whenever so many segments have left. Else as many are kept
/// under way as mend what the path loses of the segments under way, but for one time in a thousand; more than a
/// budget, which grows with the losses, is not spent on them, and what cannot be mended is sent again.</para>
/// <para>A repair mends what left before it. When nothing new comes, the last segments therefore get repairs of their
/// own.</para>
/// </remarks>
internal sealed class RepairPolicy(SessionOptions options)
{
    private const int Unit = 1024; // Credit is counted in parts of a repair.
    private const long MostCredit = 16 * Unit;
    private const long MostDebt = 12 * Unit;

    // Where the share is fixed, so many repairs stand behind the last segments, and the share of as many more.
    private const int LastRepairs = 2;
    private const int LastSegments = 4;

    private readonly LossEstimate _losses = new();
    private readonly List<ulong> _underWay = [];
    private readonly List<ulong> _again = [];
    private long _credit = options.Redundancy > 0 ? 0 : 2 * Unit;

    // The segments since the last pause, and the repairs since the last segment.
    private long _sincePause;
    private long _behind;

    /// <summary>What reports say of the path.</summary>
    public LossEstimate Losses => _losses;

    /// <summary>Repairs that no report has passed over yet, and that reach back to a segment.</summary>
    /// <param name="segment">The segment's counter.</param>
    /// <param name="reach">Segments that a repair reaches back at most.</param>
    public int UnderWayFor(ulong segment, int reach)
    {
        int count = _underWay.Count;
        while (count > 0 && _underWay[count - 1] - segment > (ulong)reach)
        {
            count--;
        }

        return count;
    }

    /// <summary>How long nothing new comes before the last segments get their repairs.</summary>
    public TimeSpan QuietTime { get; } = TimeSpan.FromTicks(Math.Clamp(
        options.OneWayDelay.Ticks / 16, TimeSpan.FromMilliseconds(4).Ticks, TimeSpan.FromMilliseconds(50).Ticks));

    private bool IsFixed => options.Redundancy > 0;

    private long RepairsAtEnd => Math.Min(_sincePause, LastRepairs + ((LastSegments * Budget()) + Unit - 1) / Unit);

    /// <summary>A segment left that repairs mend.</summary>
    public void OnSegment()
    {
        _sincePause = _behind >= RepairsAtEnd ? 1 : _sincePause + 1;
        _behind = 0;
        _credit = Math.Min(_credit + Budget(), MostCredit);
    }

    /// <summary>A repair left.</summary>
    public void OnRepair(ulong counter)
    {
        _behind++;
        _credit = IsFixed ? Math.Max(_credit - Unit, 0) : _credit - Unit;
        if (options.HasReturnPath)
        {
            _underWay.Add(counter);
        }
    }

    /// <summary>A segment left with a unit that is sent again.</summary>
    public void OnAgain(ulong counter) => _again.Add(counter);

    /// <summary>A repair was due, and there is nothing left to make one of.</summary>
    public void OnNothingToRepair() => (_credit, _behind) = (-MostDebt, RepairsAtEnd);

    /// <summary>A report has named the counter, so that all before it came or were lost.</summary>
    public void OnReport(ulong largest)
    {
        _underWay.RemoveAll(counter => counter <= largest);
        _again.RemoveAll(counter => counter <= largest);
    }

    /// <summary>Whether a repair should leave now.</summary>
    /// <param name="next">The counter that it would have.</param>
    /// <param name="firstUnderWay">The lowest counter that no report has passed over.</param>
    /// <param name="missing">Segments below it that reports have passed over, and that are not given up.</param>
    /// <param name="isQuiet">Whether nothing new waits to be sent.</param>
    public bool IsDue(ulong next, ulong firstUnderWay, int missing, bool isQuiet)
    {
        if (IsFixed)
        {
            return _credit >= Unit || (isQuiet && _behind < RepairsAtEnd);
        }

        if (_credit < (isQuiet ? Unit - MostDebt : Unit))
        {
            return false;
        }

        long segments = SegmentsUnderWay(next, firstUnderWay);
        return missing + Needed(segments) > Arriving(_underWay.Count) || (isQuiet && IsEndBare(next));
    }

    /// <summary>How many unknown segments fewer the peer will have when it has received what is under way: what is sent
    /// again, and the repairs that are not used up by new losses.</summary>
    /// <param name="next">The next counter.</param>
    /// <param name="firstUnderWay">The lowest counter that no report has passed over.</param>
    /// <param name="reaching">Repairs under way that reach back to the unknown segments.</param>
    public int ToSpare(ulong next, ulong firstUnderWay, int reaching)
    {
        long segments = SegmentsUnderWay(next, firstUnderWay);
        long repairs = Arriving(reaching) - (segments * _losses.Share / LossEstimate.One);
        return (int)(Math.Max(0, repairs) + Arriving(_again.Count));
    }

    private long SegmentsUnderWay(ulong next, ulong firstUnderWay) =>
        (long)(next - Math.Min(firstUnderWay, next)) - _underWay.Count;

    // Whether the segments behind some repair have fewer repairs behind them than they need.
    private bool IsEndBare(ulong next)
    {
        int repairs = 0;
        for (int i = _underWay.Count - 1; i >= 0; i--)
        {
            long segments = (long)(next - _underWay[i]) - 1 - repairs;
            if (Needed(segments) > Arriving(repairs))
            {
                return true;
            }

            repairs++;
        }

        return false;
    }

    // The repairs that mend the losses among so many segments, but for one time in a thousand: a Poisson distribution's
    // mean, and 3.1 times its deviation. Where a loss is less likely than one in ten, none is worth its price.
    private long Needed(long segments)
    {
        long mean = Math.Max(0, segments) * _losses.Share; // Parts of 2^16.
        return mean < LossEstimate.One / 10 ? 0
            : (mean + (31 * Root(mean << 16) / 10) + LossEstimate.One) / LossEstimate.One;
    }

    // Repairs are lost as segments are.
    private long Arriving(int repairs) => repairs * (long)(LossEstimate.One - _losses.Share) / LossEstimate.One;

    // The credit that a segment gives, in parts of a repair.
    private long Budget()
    {
        if (IsFixed)
        {
            return (options.Redundancy * Unit) / 1000;
        }

        long share = _losses.Share;
        if (_losses.IsBursty)
        {
            // Measured: repairs for bursts cost more than sending again, and come no sooner.
            return 0;
        }

        // The losses themselves, their repairs' losses, and an eighth of the root of the share.
        long losses = share * Unit / (LossEstimate.One - share);
        return losses + (Root(share << 16) * Unit / 8 / LossEstimate.One) + 1;
    }

    // The largest integer whose square is not above the value.
    private static long Root(long value)
    {
        long root = 1L << ((66 - BitOperations.LeadingZeroCount((ulong)value)) / 2); // Not below it.
        for (long next = (root + (value / root)) / 2; next < root; next = (root + (value / root)) / 2)
        {
            root = next;
        }

        return root;
    }
}
