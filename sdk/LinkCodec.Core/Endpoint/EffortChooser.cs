using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>Chooses the effort of each batch by what the link, this end and the other end can take.</summary>
/// <remarks>
/// Among the efforts that make messages shorter than the next cheaper one, it takes the greatest with which the next
/// batch is coded before the link has sent what is coded already, and decoded before the other end falls behind. So a
/// slow link gets the greatest effort, a fast one a mixture, and none ever waits for a coder where a cheaper one would
/// do. Speeds and gains are measured as it goes. Not thread-safe.
/// </remarks>
internal sealed class EffortChooser
{
    private const int First = (int)Effort.Stored;
    private const int Last = (int)Effort.Full;

    // The longest that a batch may take: what it starts from, and what is measured, must not grow old.
    private const double LongestBatch = 0.5;

    // The other end may have so much to decode, in seconds.
    private const double MostBehind = 1.0;

    // What is queued for a link of no given rate is coded within so many seconds.
    private const double Soon = 0.25;

    // What of an error is learned of the messages, and of the effort.
    private const double ContentShare = 0.3;
    private const double RatioShare = 0.05;

    // A gain that is not larger by this factor is not worth the work.
    private const double Worthwhile = 1.03;

    private readonly EffortRates[] _rates = new EffortRates[Last + 1];
    private readonly Effort _fixed;
    private readonly double _linkRate; // Bytes a second; 0 where it is not limited.
    private readonly double _unitSeconds;
    private double _content = 1; // How much better than usual the messages' gain is.
    private Timestamp _behindAt;
    private double _behind; // Seconds of decoding that the other end has before it.

    /// <summary>Starts with what the efforts are like on an ordinary processor.</summary>
    /// <param name="effort">The effort that the application asks for.</param>
    /// <param name="available">The efforts that this end has.</param>
    /// <param name="rate">The link's rate.</param>
    /// <param name="unitSize">Bytes of a full unit.</param>
    public EffortChooser(Effort effort, IEnumerable<Effort> available, DataRate rate, int unitSize)
    {
        _linkRate = rate.IsUnlimited ? 0 : rate.BitsPerSecond / 8.0;
        _unitSeconds = _linkRate > 0 ? unitSize / _linkRate : 0;
        foreach (Effort one in available)
        {
            _rates[(int)one] = EffortRates.Usual(one);
        }

        _rates[First] ??= EffortRates.Usual(Effort.Stored);
        _fixed = effort == Effort.Auto ? Effort.Auto : Nearest(effort);
    }

    /// <summary>Chooses the effort of the next batch, and its size.</summary>
    /// <param name="now">The present.</param>
    /// <param name="codedBytes">Bytes of units that wait for the link.</param>
    /// <param name="queuedBytes">Message bytes that wait to be coded.</param>
    public (Effort Effort, int BatchBytes) Choose(Timestamp now, long codedBytes, long queuedBytes)
    {
        if (_fixed != Effort.Auto || _linkRate == 0)
        {
            Effort one = _fixed != Effort.Auto ? _fixed : WithoutRate(queuedBytes);
            return (one, BatchOf(one, codedBytes > 0 ? LongestBatch : LongestBatch / 5));
        }

        Settle(now);
        double spare = (codedBytes / _linkRate) + _unitSeconds;
        for (int i = Last; i > First; i--)
        {
            if (_rates[i] is not { } rates || !IsWorthwhile(i))
            {
                continue;
            }

            double perUnit = GainOf(rates) * _unitSeconds * _linkRate; // Message bytes of a full unit.
            double bytes = Math.Min(queuedBytes, perUnit);
            double coding = bytes / rates.CodingSpeed;
            double decoding = bytes / rates.DecodingSpeed;
            if (coding <= spare && _behind + decoding <= MostBehind + _unitSeconds)
            {
                return ((Effort)i, BatchOf((Effort)i, Math.Min(LongestBatch, Math.Max(spare / 2, coding))));
            }
        }

        Effort fastest = Fastest();
        return (fastest, BatchOf(fastest, LongestBatch));
    }

    /// <summary>Message bytes that a byte of a unit stands for, as measured last.</summary>
    public double GainOf(Effort effort) => GainOf(_rates[(int)effort]!);

    /// <summary>A batch was coded.</summary>
    /// <param name="effort">Its effort.</param>
    /// <param name="messageBytes">Bytes of its messages.</param>
    /// <param name="codedBytes">Bytes of the units that it became, as far as they are full.</param>
    /// <param name="codedFrom">Message bytes in those units.</param>
    /// <param name="seconds">The time that it took.</param>
    public void OnCoded(Effort effort, long messageBytes, long codedBytes, long codedFrom, double seconds)
    {
        if (_rates[(int)effort] is not { } rates)
        {
            return;
        }

        rates.OnCoded(messageBytes, seconds);
        Learn(rates, codedFrom, codedBytes);
        _behind += messageBytes / rates.DecodingSpeed;
    }

    /// <summary>The other end has told how fast it decodes.</summary>
    public void OnTold(Effort effort, double bytesPerSecond)
    {
        if ((int)effort <= Last && _rates[(int)effort] is { } rates && bytesPerSecond > 0)
        {
            rates.OnTold(bytesPerSecond);
        }
    }

    private double GainOf(EffortRates rates) => rates == _rates[First] ? rates.Ratio : _content * rates.Ratio;

    // A gain that was not expected is mostly the messages', whatever the effort, and a little the effort's: so efforts
    // that were not tried lately stay comparable.
    private void Learn(EffortRates rates, long messageBytes, long unitBytes)
    {
        if (unitBytes > 0 && messageBytes > 0 && rates != _rates[First])
        {
            double error = (double)messageBytes / unitBytes / GainOf(rates);
            _content *= 1 + (ContentShare * (error - 1));
            rates.Ratio *= 1 + (RatioShare * (error - 1));
        }
    }

    // On a link of no given rate nothing is gained by waiting: what is queued is coded as well as it can be soon.
    private Effort WithoutRate(long queuedBytes)
    {
        for (int i = Last; i > First; i--)
        {
            if (_rates[i] is { } rates && queuedBytes / Math.Min(rates.CodingSpeed, rates.DecodingSpeed) <= Soon)
            {
                return (Effort)i;
            }
        }

        return Nearest(Effort.Fast);
    }

    // What is longer than a cheaper effort makes it is not worth anything.
    private bool IsWorthwhile(int effort)
    {
        for (int i = First; i < effort; i++)
        {
            if (_rates[i] is { } cheaper && GainOf(_rates[effort]!) < Worthwhile * GainOf(cheaper))
            {
                return false;
            }
        }

        return true;
    }

    private Effort Fastest()
    {
        int best = First;
        for (int i = First; i <= Last; i++)
        {
            if (_rates[i] is { } rates && Throughput(rates) > Throughput(_rates[best]!) * 1.001)
            {
                best = i;
            }
        }

        return (Effort)best;
    }

    private double Throughput(EffortRates rates) =>
        Math.Min(Math.Min(rates.CodingSpeed, rates.DecodingSpeed), _linkRate * GainOf(rates));

    private Effort Nearest(Effort wanted)
    {
        int i = (int)wanted;
        while (i > First && _rates[i] is null)
        {
            i--;
        }

        return (Effort)i;
    }

    // A batch of blocks has to fill some of them.
    private int BatchOf(Effort effort, double seconds) => (int)Math.Clamp(
        _rates[(int)effort]!.CodingSpeed * seconds, effort == Effort.Fast ? 128 << 10 : 1024, 4 << 20);

    private void Settle(Timestamp now)
    {
        double passed = _behindAt == default ? 0 : (now - _behindAt).TotalSeconds;
        _behind = Math.Max(0, _behind - passed);
        _behindAt = now;
    }
}
