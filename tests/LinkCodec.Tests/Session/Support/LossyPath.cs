using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Session.Support;

/// <summary>One direction of a path, in virtual time and from a seed.</summary>
internal sealed class LossyPath(PathOptions options, ulong seed)
{
    private readonly RandomSource _random = RandomSource.FromSeed(seed);
    private readonly PriorityQueue<(byte[] Datagram, object? Address), (long At, long Order)> _underWay = new();
    private Timestamp _freeAt = new(long.MinValue);
    private bool _inBurst;
    private long _order;
    private int _number;

    public int Sent => _number;

    public long SentBytes { get; private set; }

    public int Lost { get; private set; }

    /// <summary>Every datagram that arrived, for replays; null to keep none.</summary>
    public List<byte[]>? Log { get; init; }

    public Timestamp NextArrival =>
        _underWay.TryPeek(out _, out (long At, long Order) due) ? new Timestamp(due.At) : Timestamp.Never;

    /// <summary>Puts a datagram on the path; the address is given back with it.</summary>
    public void Send(ReadOnlySpan<byte> datagram, Timestamp now, object? address = null)
    {
        SentBytes += datagram.Length;
        _freeAt = Timestamp.Max(_freeAt, now) + options.Rate.TimeFor(datagram.Length);
        _inBurst = _inBurst ? !Chance(options.Bursts.Ends) : Chance(options.Bursts.Begins);
        if (_inBurst | options.IsDead(now) | options.Drops(_number++) | Chance(options.Loss))
        {
            Lost++;
            return;
        }

        for (int copy = 0; copy < options.Copies; copy++)
        {
            Arrive(Damaged(datagram), address);
        }

        if (Chance(options.Duplicate))
        {
            Arrive(Damaged(datagram), address);
        }
    }

    public bool TryReceive(Timestamp now, out byte[] datagram, out object? address)
    {
        if (NextArrival > now)
        {
            (datagram, address) = ([], null);
            return false;
        }

        (datagram, address) = _underWay.Dequeue();
        Log?.Add(datagram);
        return true;
    }

    private void Arrive(byte[] datagram, object? address)
    {
        // Each datagram may fall behind as many others as the window holds, when they come a millisecond apart.
        ulong jitter = options.ShuffleWindow <= 1 ? 0 : _random.NextUInt64() % ((ulong)options.ShuffleWindow * 1000);
        _underWay.Enqueue((datagram, address), ((_freeAt + options.Delay).Microseconds + (long)jitter, _order++));
    }

    private byte[] Damaged(ReadOnlySpan<byte> datagram)
    {
        byte[] copy = datagram.ToArray();
        for (int bit = 0; options.BitErrors > 0 && bit < 8 * copy.Length; bit++)
        {
            if (Chance(options.BitErrors))
            {
                copy[bit >> 3] ^= (byte)(1 << (bit & 7));
            }
        }

        return Chance(options.Damage) ? Spoilt(copy) : copy;
    }

    private byte[] Spoilt(byte[] datagram)
    {
        ulong dice = _random.NextUInt64();
        if ((dice & 3) == 0)
        {
            return datagram[..(int)((dice >> 2) % (ulong)datagram.Length)];
        }

        for (ulong i = 0; i <= (dice >> 2) % 3; i++)
        {
            ulong where = _random.NextUInt64();
            datagram[(int)(where % (ulong)datagram.Length)] ^= (byte)(1 + (where >> 32) % 255);
        }

        return datagram;
    }

    private bool Chance(double probability) =>
        probability > 0 && (_random.NextUInt64() >> 11) * (1.0 / (1UL << 53)) < probability;
}
