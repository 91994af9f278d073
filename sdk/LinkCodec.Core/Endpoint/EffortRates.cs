namespace LinkCodec.Core.Endpoint;

/// <summary>
/// How fast this end codes with an effort, and how much shorter that makes messages; kept up to date.
/// </summary>
internal sealed class EffortRates
{
    // What was measured last counts by this share.
    private const double Share = 0.3;
    private const double LeastSeconds = 0.001;

    // A batch shorter than this says little about a speed: starting it takes its time.
    private const int LeastBytes = 1024;

    // The first batches, and the first of an effort's time, say nothing: the runtime compiles what they run.
    private const int WarmUp = 2;
    private const double WarmUpSeconds = 0.3;

    // An effort that is not used is believed to have become faster by so much a second: so it is tried again.
    private const double Hope = 0.15;

    private readonly double _usual;
    private int _batches;
    private double _seconds;
    private double _hope = 1;

    private EffortRates(double speed, double gain) => (_usual, MeasuredSpeed, Ratio) = (speed, speed, gain);

    /// <summary>Message bytes that this end is believed to code in a second: as measured, or more where that was long
    /// ago.</summary>
    public double CodingSpeed => Math.Min(MeasuredSpeed * _hope, Math.Max(_usual, MeasuredSpeed));

    /// <summary>Whether the speed has been measured: until then batches are to be short.</summary>
    public bool IsMeasured => _batches > WarmUp && _seconds > WarmUpSeconds;

    /// <summary>Message bytes a second, as measured last.</summary>
    public double MeasuredSpeed { get; private set; }

    /// <summary>Message bytes that a byte of a unit stands for, where the messages are of the usual kind.</summary>
    public double Ratio { get; set; }

    /// <summary>How often a gain was measured.</summary>
    public int Gains { get; set; }

    /// <summary>What an effort is usually like on one core.</summary>
    public static EffortRates Usual(Effort effort) => effort switch
    {
        Effort.Stored => new EffortRates(300e6, 0.99),
        Effort.Fast => new EffortRates(20e6, 3),
        Effort.Primed => new EffortRates(800e3, 5),
        Effort.Flight => new EffortRates(400e3, 5.2), // which of the two makes text shorter, and numbers, differs
        _ => new EffortRates(35e3, 7),
    };

    /// <summary>Time has passed.</summary>
    public void OnTime(double seconds) => _hope *= 1 + (Hope * Math.Min(seconds, 1));

    public void OnCoded(long messageBytes, double seconds)
    {
        _hope = 1;
        if (messageBytes < LeastBytes || seconds <= 0)
        {
            return;
        }

        double speed = messageBytes / Math.Max(LeastSeconds, seconds);
        bool wasMeasured = IsMeasured;
        _batches++;
        _seconds += seconds;
        if (!IsMeasured)
        {
            MeasuredSpeed = Math.Max(MeasuredSpeed, speed);
            return;
        }

        double share = wasMeasured ? Share : 1;
        MeasuredSpeed += share * (speed - MeasuredSpeed);
    }
}
