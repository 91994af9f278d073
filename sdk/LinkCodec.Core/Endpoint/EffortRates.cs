namespace LinkCodec.Core.Endpoint;

/// <summary>How fast an effort is at both ends, and how much shorter it makes messages; kept up to date.</summary>
internal sealed class EffortRates
{
    // What was measured last counts by this share.
    private const double Share = 0.3;
    private const double LeastSeconds = 0.001;

    // A batch shorter than this says little about a speed: starting it takes its time.
    private const int LeastBytes = 1024;

    private bool _wasTold;
    private bool _wasMeasured;

    private EffortRates(double speed, double gain) => (CodingSpeed, DecodingSpeed, Ratio) = (speed, speed, gain);

    /// <summary>Message bytes that this end codes in a second.</summary>
    public double CodingSpeed { get; private set; }

    /// <summary>Message bytes that the other end decodes in a second: as it has told, and as this end codes
    /// before.</summary>
    public double DecodingSpeed { get; private set; }

    /// <summary>Message bytes that a byte of a unit stands for, where the messages are of the usual kind.</summary>
    public double Ratio { get; set; }

    /// <summary>What an effort is usually like on one core.</summary>
    public static EffortRates Usual(Effort effort) => effort switch
    {
        Effort.Stored => new EffortRates(300e6, 0.99),
        Effort.Fast => new EffortRates(20e6, 3),
        Effort.Flight => new EffortRates(400e3, 5),
        _ => new EffortRates(35e3, 7),
    };

    public void OnCoded(long messageBytes, double seconds)
    {
        if (messageBytes < LeastBytes || seconds <= 0)
        {
            return;
        }

        double speed = messageBytes / Math.Max(LeastSeconds, seconds);
        CodingSpeed = _wasMeasured ? CodingSpeed + (Share * (speed - CodingSpeed)) : speed;
        _wasMeasured = true;
        DecodingSpeed = _wasTold ? DecodingSpeed : CodingSpeed;
    }

    public void OnTold(double bytesPerSecond) => (DecodingSpeed, _wasTold) = (bytesPerSecond, true);
}
