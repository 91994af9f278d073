using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>
/// The facts that a live session must know of its link. Immutable; one value may serve many sessions.
/// </summary>
internal sealed record SessionOptions
{
    /// <summary>
    /// The value of <see cref="Redundancy"/> for as many repairs as the losses that are reported ask for, where a round
    /// trip holds enough segments.
    /// </summary>
    public const int AdaptiveRedundancy = -1;

    // With fewer segments in a round trip, repairs would come hardly sooner than what is sent again, and cost more.
    private const int MinSegmentsToRepair = 16;

    /// <summary>The largest window that the protocol allows, in units (protocol-spec/04-frames.md, 4.5-3).</summary>
    public const int MaxWindowUnits = 65_536;

    /// <summary>
    /// The rate that this end may send at; every datagram is paced by it, whatever is lost. Default: unlimited.
    /// </summary>
    public DataRate Rate { get; init; }

    /// <summary>The time that a bit travels, without serialisation; all timers derive from it. 0 to 30 minutes; default
    /// 0.</summary>
    public TimeSpan OneWayDelay { get; init; }

    /// <summary>Bytes of the longest datagram, 64 to 65,507; default 1200.</summary>
    public int MaxDatagramSize { get; init; } = 1200;

    /// <summary>What the carrier charges for a datagram that this end sends; units are cut to its steps. Default: each
    /// byte counts.</summary>
    public Billing Billing { get; init; }

    /// <summary>The promise for the units sent; default reliable. Without a return path nothing can be
    /// promised.</summary>
    public UnitDelivery Delivery { get; init; }

    /// <summary>Repairs that this end sends for a thousand other segments: 0 (default) none, at most 10,000;
    /// <see cref="AdaptiveRedundancy"/> as losses ask for.</summary>
    public int Redundancy { get; init; }

    /// <summary>Segments that a repair reaches back where no report says what is missing, 1 to 8,192; default 1,024.
    /// Larger ones mend longer gaps, and cost more time.</summary>
    public int RepairReach { get; init; } = 1024;

    /// <summary>Whether the other end can answer; default true. Both ends of a link set it alike.</summary>
    public bool HasReturnPath { get; init; } = true;

    /// <summary>The session closes when nothing authentic was heard for so long; more than 0, default 2 hours. Not used
    /// without a return path.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Units that may be queued or unacknowledged, 1 to <see cref="MaxWindowUnits"/>; 0 (default) derives it
    /// from rate and delay.</summary>
    public int WindowUnits { get; init; }

    /// <summary>Bytes of units that may be queued or unacknowledged; 0 (default): as many as the units may
    /// take.</summary>
    public long WindowBytes { get; init; }

    /// <summary>Bytes of received units that may wait to be taken; segments beyond are dropped and not reported.
    /// Default 4 MiB.</summary>
    public long ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>Pads every plaintext to a multiple of so many bytes, as far as the datagram allows, to hide lengths; 0
    /// (default): no padding.</summary>
    public int PaddingBucket { get; init; }

    /// <summary>Whether repairs are sent.</summary>
    internal bool SendsRepairs => Redundancy > 0
        || (Redundancy == AdaptiveRedundancy && HasReturnPath && Delivery == UnitDelivery.Reliable
            && SegmentsInRoundTrip >= MinSegmentsToRepair);

    /// <summary>Longest datagrams that leave within a round trip; 0 where the rate is unlimited.</summary>
    internal long SegmentsInRoundTrip =>
        (long)((Int128)Rate.BitsPerSecond * (2 * OneWayDelay).Ticks / TimeSpan.TicksPerSecond / (8 * MaxDatagramSize));

    /// <summary>The window in units: the one given, or eight times what the path holds in one round trip, 64 to
    /// <see cref="MaxWindowUnits"/>.</summary>
    internal int EffectiveWindowUnits
    {
        get
        {
            if (WindowUnits != 0)
            {
                return WindowUnits;
            }

            if (Rate.IsUnlimited)
            {
                return 1024;
            }

            Int128 bits = (Int128)Rate.BitsPerSecond * (2 * OneWayDelay).Ticks / TimeSpan.TicksPerSecond;

            // Bits over bytes make the window eight times what the path holds.
            return (int)Int128.Clamp(bits / MaxDatagramSize, 64, MaxWindowUnits);
        }
    }

    /// <summary>The time that a receiver waits after an arrival before it reports it unasked.</summary>
    internal TimeSpan ReportDelay
    {
        get
        {
            TimeSpan serialisation = Rate.TimeFor(2L * MaxDatagramSize);
            TimeSpan travel = OneWayDelay / 4;
            TimeSpan longer = serialisation > travel ? serialisation : travel;
            return longer > MinReportDelay ? longer : MinReportDelay;
        }
    }

    private static TimeSpan MinReportDelay => TimeSpan.FromMilliseconds(25);

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Validate()
    {
        Check(MaxDatagramSize is >= 64 and <= 65_507, nameof(MaxDatagramSize), "64 to 65,507 bytes.");
        Check(Rate.BitsPerSecond >= 0, nameof(Rate), "Not negative.");
        bool isDelay = OneWayDelay >= TimeSpan.Zero && OneWayDelay <= TimeSpan.FromMinutes(30);
        Check(isDelay, nameof(OneWayDelay), "0 to 30 minutes.");
        Check(Redundancy is >= AdaptiveRedundancy and <= 10_000, nameof(Redundancy), "0 to 10,000, or -1.");
        Check(RepairReach is >= 1 and <= FrameLimits.MaxRepairReach, nameof(RepairReach), "1 to 8,192 segments.");
        Check(Enum.IsDefined(Delivery), nameof(Delivery), "Reliable or once.");
        Check(IdleTimeout > TimeSpan.Zero, nameof(IdleTimeout), "More than 0.");
        Check(WindowUnits is >= 0 and <= MaxWindowUnits, nameof(WindowUnits), "0 to 65,536 units."); // spec 4.5-3
        Check(WindowBytes >= 0, nameof(WindowBytes), "Not negative.");
        Check(ReceiveBufferBytes >= MaxDatagramSize, nameof(ReceiveBufferBytes), "At least one datagram.");
        bool isBilling = Billing.Step is >= 0 and <= 65_536 && Billing.Minimum is >= 0 and <= 65_536
            && Billing.Header is >= 0 and <= 1024;
        Check(isBilling, nameof(Billing), "Steps and minimum of 0 to 65,536 bytes, headers of 0 to 1,024.");
        bool isBucket = PaddingBucket >= 0 && PaddingBucket <= MaxDatagramSize;
        Check(isBucket, nameof(PaddingBucket), "0 to the size of a datagram.");
    }

    private static void Check(bool holds, string name, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException(rule, name);
        }
    }
}
