using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel;

/// <summary>
/// A direction of a link: bytes go in at a time, and come out later, altered, twice or never, as its rules say.
/// </summary>
/// <remarks>Time is given, never asked: the same channel serves virtual and real time. Not thread-safe.</remarks>
internal sealed class OneWayChannel
{
    private readonly (IChannelRule Rule, ulong Stream)[] _rules;
    private readonly byte _direction;
    private readonly VerdictTrace _trace;
    private ulong _count;

    /// <param name="rules">The rules, in the order in which a datagram meets them.</param>
    /// <param name="seed">The seed of the whole link.</param>
    /// <param name="direction">The direction, 0 forward, 1 return: their draws differ.</param>
    /// <param name="trace">The trace that every verdict is added to.</param>
    public OneWayChannel(IEnumerable<(string Name, IChannelRule Rule)> rules, ulong seed, byte direction,
        VerdictTrace trace)
    {
        _direction = direction;
        _trace = trace;
        Dictionary<string, int> ordinals = [];
        List<(IChannelRule Rule, ulong Stream)> list = [];
        foreach ((string name, IChannelRule rule) in rules)
        {
            // Named by kind and count of its kind: a rule that is added elsewhere in the list shifts nobody's draws.
            int ordinal = ordinals[name] = ordinals.GetValueOrDefault(name) + 1;
            list.Add((rule, Draws.StreamOf(seed, string.Create(null, $"{direction}/{name}/{ordinal}"))));
        }

        _rules = [.. list];
    }

    public ChannelCounters Counters { get; } = new();

    /// <summary>
    /// Takes one datagram (copied) and adds what will come out of it to <paramref name="arrivals"/>, which are not in
    /// order.
    /// </summary>
    public void Send(ReadOnlySpan<byte> datagram, Timestamp now, ICollection<Arrival> arrivals)
    {
        Counters.CountSent(datagram.Length);
        ulong number = _count++ << 8; // The low byte numbers the copies.
        int copies = 0;
        Pass(datagram.ToArray(), now, now, 0, number, ref copies, altered: false, arrivals);
    }

    private void Pass(
        byte[] bytes, Timestamp sentAt, Timestamp at, int from, ulong number, ref int copies, bool altered,
        ICollection<Arrival> arrivals)
    {
        for (int i = from; i < _rules.Length; i++)
        {
            Draws draws = new(_rules[i].Stream, number);
            Verdict verdict = _rules[i].Rule.Judge(bytes, at, ref draws);
            if (verdict.Drop is Fate fate)
            {
                End(fate, bytes, sentAt, at, number);
                return;
            }

            if (verdict.Length >= 0)
            {
                bytes = bytes[..verdict.Length];
            }

            Counters.CountFlips(verdict.FlippedBits);
            altered |= verdict.Length >= 0 || verdict.FlippedBits > 0;
            at += verdict.Hold;
            if (verdict.CopyAfter is TimeSpan after && copies < byte.MaxValue)
            {
                copies++;
                Counters.CountCopy();
                Pass([.. bytes], sentAt, at + after, i + 1, (number & ~0xFFUL) | (uint)copies, ref copies,
                    altered, arrivals);
            }
        }

        End(altered ? Fate.Altered : Fate.Delivered, bytes, sentAt, at, number);
        arrivals.Add(new Arrival(at, bytes));
    }

    private void End(Fate fate, byte[] bytes, Timestamp sentAt, Timestamp at, ulong number)
    {
        Counters.CountFate(fate, bytes.Length);
        _trace.Add(_direction, number, sentAt, bytes.Length, fate, at);
    }
}
