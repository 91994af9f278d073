namespace LinkCodec.Core.Prediction;

/// <summary>
/// The state of one lane of an <see cref="AdaptiveBytePredictor"/> and the arithmetic: probabilities are shares of
/// 2^24.
/// </summary>
internal sealed class AdaptiveByteStream
{
    private const int One = 1 << 24;
    private const uint TrustOne = 1 << 16;
    private const uint TrustAtStart = 58000;
    private const uint LeastTrust = 1024;
    private const uint MostCounted = 8192;
    private const int LongestCounted = 1 << 20; // Far beyond where the end's share stops falling.

    private readonly ByteHistory _history = new();
    private readonly ushort[] _counts = new ushort[256];
    private uint _counted;
    private uint _trust; // In the prior against the message's own order 0, in 2^16.
    private int _length;

    internal void Reset() // spec 7.4-2
    {
        _history.Reset();
        _counts.AsSpan().Clear();
        _counted = 0;
        _trust = TrustAtStart;
        _length = 0;
    }

    /// <summary>Begins a message behind another one, which ended in the history like a line.</summary>
    internal void BeginMessage() // spec 7.4-6
    {
        _history.Append((byte)'\n');
        _length = 0;
    }

    internal void CopyFrom(AdaptiveByteStream other)
    {
        _history.CopyFrom(other._history);
        other._counts.AsSpan().CopyTo(_counts);
        (_counted, _trust, _length) = (other._counted, other._trust, other._length);
    }

    internal void Append(byte value)
    {
        // Bayes: whoever gave the byte more is trusted more, within bounds (spec 7.4-2).
        ulong prior = (ulong)AdaptiveBytePrior.After(_history.Last)[value] * _trust;
        ulong own = OrderZero(_counts[value], Reciprocal()) * (TrustOne - _trust);
        _trust = (uint)Math.Clamp((prior << 16) / (prior + own), LeastTrust, TrustOne - LeastTrust);

        _counts[value]++;
        _counted++;
        if (_counted == MostCounted)
        {
            HalveCounts();
        }

        _history.Append(value);
        _length = Math.Min(_length + 1, LongestCounted);
    }

    internal void Predict(Span<uint> weights)
    {
        weights = weights[..Predictor.ByteAlphabet];
        weights.Clear();
        Span<uint> bytes = weights[..256];
        ulong left = Vote(bytes);
        ReadOnlySpan<uint> prior = AdaptiveBytePrior.After(_history.Last);
        ReadOnlySpan<ushort> counts = _counts;
        ulong reciprocal = Reciprocal();
        ulong trust = _trust;
        ulong sum = 0;
        for (int i = 0; i < bytes.Length; i++) // spec 7.4-4
        {
            ulong share = ((prior[i] * trust) + (OrderZero(counts[i], reciprocal) * (TrustOne - trust))) >> 16;
            uint weight = ((bytes[i] + (uint)((share * left) >> 24)) >> 2) + 1;
            bytes[i] = weight;
            sum += weight;
        }

        ulong end = EndShare(); // spec 7.4-5
        weights[Predictor.EndSymbol] = (uint)Math.Max(1, sum * end / (65536 - end));
    }

    /// <summary>
    /// Adds to each byte what the contexts give it, longest first, and returns what they leave to order 0.
    /// </summary>
    private ulong Vote(Span<uint> shares) // spec 7.4-3
    {
        const int Orders = ByteHistory.LongestContext + 1;
        Span<byte> followers = stackalloc byte[Orders * ByteHistory.MostPlaces];
        Span<int> found = stackalloc int[Orders];
        _history.Find(followers, found);

        Span<ushort> times = stackalloc ushort[256];
        Span<byte> distinct = stackalloc byte[256];
        int kinds = 0;
        int places = 0;
        ulong left = One;
        for (int order = ByteHistory.LongestContext; order >= 1; order--)
        {
            if (found[order] == 0)
            {
                continue; // This context has the same evidence as the longer one.
            }

            foreach (byte value in followers.Slice(order * ByteHistory.MostPlaces, found[order]))
            {
                if (times[value]++ == 0)
                {
                    distinct[kinds++] = value;
                }
            }

            places += found[order];
            ulong unit = left / (ulong)(16 * places);
            foreach (byte value in distinct[..kinds])
            {
                uint given = (uint)(unit * (ulong)((16 * times[value]) - (16 - order)));
                shares[value] += given;
                left -= given;
            }
        }

        return left;
    }

    /// <summary>
    /// The share of the end in 2^16: falls with length, and depends on whether the last byte looks like an ending.
    /// </summary>
    private ulong EndShare()
    {
        int last = _history.Last;
        if (_length == 0)
        {
            return 64;
        }

        uint likeliness = last switch
        {
            ' ' or ',' => 1,
            (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => 4,
            '.' or '!' or '?' or '\n' or '}' or ']' or ')' or '>' or '"' or ';' or '=' or '$' => 16,
            _ => 8,
        };
        return Math.Max(16, likeliness * 8192 / ((uint)_length + 48));
    }

    private ulong Reciprocal() => (1UL << 36) / ((2 * _counted) + 256);

    private static ulong OrderZero(uint count, ulong reciprocal) => (((2 * count) + 1) * reciprocal) >> 12;

    private void HalveCounts()
    {
        _counted = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] >>= 1;
            _counted += _counts[i];
        }
    }
}
