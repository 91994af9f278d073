using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Session;

/// <summary>Both directions of a bad link in virtual time; every choice comes from the seed.</summary>
/// <param name="seed">Same seed, same losses.</param>
/// <param name="loss">Lost out of 256.</param>
/// <param name="damage">Damaged out of 256: one to three bytes changed, or the end cut off.</param>
/// <param name="doubling">Doubled out of 256.</param>
/// <param name="delay">One way.</param>
/// <param name="jitter">At most so much more, which reorders.</param>
internal sealed class LossyPipe(ulong seed, int loss, int damage, int doubling, TimeSpan delay, TimeSpan jitter)
{
    private readonly RandomSource _random = RandomSource.FromSeed(seed);
    private readonly PriorityQueue<(bool ToResponder, byte[] Datagram), (long At, int Order)> _air = new();
    private int _sent;

    internal Timestamp NextArrival => _air.TryPeek(out _, out (long At, int Order) next) ? new Timestamp(next.At) : Timestamp.Never;

    internal void Send(bool toResponder, byte[] datagram, Timestamp now)
    {
        for (int copies = Chance(doubling) ? 2 : 1; copies > 0; copies--)
        {
            if (Chance(loss))
            {
                continue;
            }

            long late = jitter == TimeSpan.Zero ? 0 : (long)(_random.NextUInt64() % (ulong)(jitter.Ticks / TimeSpan.TicksPerMicrosecond));
            byte[] arriving = Chance(damage) ? Damaged(datagram) : datagram;
            _air.Enqueue((toResponder, arriving), ((now + delay).Microseconds + late, _sent++));
        }
    }

    internal bool TryReceive(Timestamp now, out bool toResponder, out byte[] datagram)
    {
        (toResponder, datagram) = (false, []);
        if (NextArrival > now)
        {
            return false;
        }

        (toResponder, datagram) = _air.Dequeue();
        return true;
    }

    private bool Chance(int of256) => (int)(_random.NextUInt64() & 0xFF) < of256;

    private byte[] Damaged(byte[] datagram)
    {
        byte[] copy = (byte[])datagram.Clone();
        ulong dice = _random.NextUInt64();
        if ((dice & 3) == 0)
        {
            return copy[..(int)(dice / 4 % (ulong)copy.Length)];
        }

        for (ulong i = 0; i <= (dice >> 2) % 3; i++)
        {
            ulong where = _random.NextUInt64();
            copy[(int)(where % (ulong)copy.Length)] ^= (byte)(1 + (where >> 32) % 255);
        }

        return copy;
    }
}
