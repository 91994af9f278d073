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

    private const int LeastBatch = 1024;
    private const int MostBatch = 4 << 20;

    // A batch whose time is not known is shorter by this.
    private const int FirstParts = 16;

    // A batch of blocks has to fill some of them.
    private const int LeastBlocks = 4;

    // The other end may have so much to decode, in seconds, and what comes in the time of some units more: several of
    // them together take it less time than one after the other.
    private const double MostBehind = 1.0;
    private const double MostUnitsBehind = 3;

    // The link must last so many times as long as coding is believed to take: the processor has other work too. Where a
    // unit takes the link long, a little work more is a small part of it, and a link that waits for a moment loses less
    // than a unit of a cheaper effort takes it longer.
    private const double Margin = 2;
    private const double SlowMargin = 1.25;
    private const double SlowUnitSeconds = 0.5;

    // What is queued for a link of no given rate is coded within so many seconds.
    private const double Soon = 0.25;

    // What of an error is learned of the messages, and of the effort: of one that was hardly tried much more.
    private const double ContentShare = 0.3;
    private const double RatioShare = 0.05;
    private const double FirstRatioShare = 0.5;

    // An effort that does not let the link carry so much more in all is not worth the work.
    private const double Worthwhile = 0.03;

    // What the other end has told is compared with what this end has coded in about so many seconds.
    private const double Recent = 10;

    private readonly EffortRates[] _rates = new EffortRates[Last + 1];
    private readonly Effort _fixed;
    private readonly double _linkRate; // Bytes a second; 0 where it is not limited.
    private readonly int _unitSize;
    private readonly double _unitSeconds;
    private double _content = 1; // How much better than usual the messages' gain is.
    private double _otherEnd = 1; // How many times as fast as this end the other one is.
    private double _predictedBytes; // Of late.
    private double _predictedSeconds;
    private Timestamp _settledAt;
    private double _behind; // Seconds of decoding that the other end has before it.

    /// <summary>Starts with what the efforts are like on an ordinary processor.</summary>
    /// <param name="effort">The effort that the application asks for.</param>
    /// <param name="available">The efforts that this end has.</param>
    /// <param name="rate">The link's rate.</param>
    /// <param name="unitSize">Bytes of a full unit.</param>
    public EffortChooser(Effort effort, IEnumerable<Effort> available, DataRate rate, int unitSize)
    {
        _linkRate = rate.IsUnlimited ? 0 : rate.BitsPerSecond / 8.0;
        _unitSize = unitSize;
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
    /// <param name="room">Units that the batch is to fill at most, about.</param>
    public (Effort Effort, int BatchBytes) Choose(Timestamp now, long codedBytes, long queuedBytes, int room)
    {
        (Effort effort, double seconds) = Choose(now, codedBytes, queuedBytes);
        EffortRates rates = _rates[(int)effort]!;
        double least = effort is Effort.Fast or Effort.Primed
            ? Math.Min(LeastBlocks * GainOf(rates) * _unitSize, MostBatch)
            : LeastBatch;
        double most = Math.Clamp(room * GainOf(rates) * _unitSize, least, MostBatch);
        double parts = rates.IsMeasured ? 1 : effort == Effort.Fast ? FirstParts : 4;
        double bytes = rates.MeasuredSpeed * seconds / parts;
        return (effort, (int)Math.Clamp(bytes, least, most));
    }

    private (Effort Effort, double Seconds) Choose(Timestamp now, long codedBytes, long queuedBytes)
    {
        if (_fixed != Effort.Auto || _linkRate == 0)
        {
            Effort one = _fixed != Effort.Auto ? _fixed : WithoutRate(queuedBytes);
            return (one, codedBytes > 0 ? LongestBatch : LongestBatch / 5);
        }

        Settle(now);
        double spare = (codedBytes / _linkRate) + _unitSeconds;
        double margin = _unitSeconds >= SlowUnitSeconds ? SlowMargin : Margin;
        for (int i = Last; i > First; i--)
        {
            if (_rates[i] is not { } rates || !IsWorthwhile(i))
            {
                continue;
            }

            double perUnit = GainOf(rates) * _unitSeconds * _linkRate; // Message bytes of a full unit.
            double bytes = Math.Min(queuedBytes, perUnit);
            double coding = bytes / rates.CodingSpeed;
            double decoding = bytes / DecodingSpeed(i);
            if (margin * coding <= spare && _behind + decoding <= MostBehind + (MostUnitsBehind * _unitSeconds))
            {
                return ((Effort)i, Math.Min(LongestBatch, Math.Max(spare / 2, coding)));
            }
        }

        return (Fastest(), LongestBatch);
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
        _behind += messageBytes / DecodingSpeed((int)effort);
        if (IsPredicted((int)effort))
        {
            _predictedBytes += messageBytes;
            _predictedSeconds += seconds;
        }
    }

    /// <summary>The other end has told how many message bytes it decodes in a second, of what models code.</summary>
    public void OnTold(double bytesPerSecond)
    {
        // What is decoded there is what was coded here a little earlier.
        if (_predictedBytes > 0 && _predictedSeconds > 0 && bytesPerSecond > 0)
        {
            _otherEnd = Math.Clamp(bytesPerSecond * _predictedSeconds / _predictedBytes, 0.001, 1000);
        }
    }

    private static bool IsPredicted(int effort) => effort is (int)Effort.Flight or (int)Effort.Full;

    // Blocks are restored many times faster than they are made; codes take as long to read as to write.
    private double DecodingSpeed(int effort) => IsPredicted(effort) || effort == (int)Effort.Primed
        ? _rates[effort]!.MeasuredSpeed * _otherEnd
        : 4 * _rates[effort]!.MeasuredSpeed;

    private double GainOf(EffortRates rates) => rates == _rates[First] ? rates.Ratio : _content * rates.Ratio;

    // A gain that was not expected is mostly the messages', whatever the effort, and a little the effort's: so efforts
    // that were not tried lately stay comparable.
    private void Learn(EffortRates rates, long messageBytes, long unitBytes)
    {
        if (unitBytes > 0 && messageBytes > 0 && rates != _rates[First])
        {
            double error = (double)messageBytes / unitBytes / GainOf(rates);
            _content *= 1 + (ContentShare * (error - 1));
            double share = Math.Max(RatioShare, FirstRatioShare / (1 + rates.Gains++));
            rates.Ratio *= 1 + (share * (error - 1));
        }
    }

    // On a link of no given rate nothing is gained by waiting: what is queued is coded as well as it can be soon.
    private Effort WithoutRate(long queuedBytes)
    {
        for (int i = Last; i > First; i--)
        {
            if (_rates[i] is { } rates && queuedBytes / Math.Min(rates.CodingSpeed, DecodingSpeed(i)) <= Soon)
            {
                return (Effort)i;
            }
        }

        return Nearest(Effort.Fast);
    }

    // An effort that fills a hundredth of a fast link would take the processor from one that fills the rest.
    private bool IsWorthwhile(int effort)
    {
        double gain = GainOf(_rates[effort]!);
        double share = Throughput(effort) / (_linkRate * gain);
        for (int i = First; i < effort; i++)
        {
            if (_rates[i] is { } cheaper && share * ((gain / GainOf(cheaper)) - 1) < Worthwhile)
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
            if (_rates[i] is not null && Throughput(i) > Throughput(best) * 1.001)
            {
                best = i;
            }
        }

        return (Effort)best;
    }

    private double Throughput(int effort) => Math.Min(
        Math.Min(_rates[effort]!.CodingSpeed, DecodingSpeed(effort)), _linkRate * GainOf(_rates[effort]!));

    private Effort Nearest(Effort wanted)
    {
        int i = (int)wanted;
        while (i > First && _rates[i] is null)
        {
            i--;
        }

        return (Effort)i;
    }

    private void Settle(Timestamp now)
    {
        double passed = _settledAt == default ? 0 : (now - _settledAt).TotalSeconds;
        _behind = Math.Max(0, _behind - passed);
        _settledAt = now;
        double kept = Recent / (Recent + passed);
        (_predictedBytes, _predictedSeconds) = (kept * _predictedBytes, kept * _predictedSeconds);
        foreach (EffortRates? rates in _rates)
        {
            rates?.OnTime(passed);
        }
    }
}
