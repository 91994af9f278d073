using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Session.Support;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

/// <summary>
/// Two live sessions in the middle of a transfer, and between their datagrams twenty times as many that were mutated.
/// </summary>
[Collection(AloneCollection.Name)]
[Spec("3.4-1")]
[Spec("3.4-2")]
[Spec("4.6-1")]
public sealed class LiveMutationTests : IDisposable
{
    private const ulong Seed = 0x11FE;
    private const int BadForEachGood = 20;

    // An attacker has seen these many of the last datagrams that arrived on a path.
    private const int Seen = 64;

    private static readonly byte[] Short = new byte[20];
    private static readonly PathOptions Path = new() { Delay = TimeSpan.Zero, Loss = 0.05 };
    private readonly RandomSource _random = RandomSource.FromSeed(Seed);
    private readonly byte[] _initiate;
    private readonly byte[] _bad = new byte[2500];
    private readonly SessionPair _pair;
    private long _allocated;
    private int _offered;

    public LiveMutationTests()
    {
        using HandshakeInitiator initiator = new(Initiator(seed: 1));
        _initiate = initiator.Transmit()!;
        (KeyedProtector a, KeyedProtector b) = Protectors();
        _pair = new SessionPair(new SessionOptions { OneWayDelay = TimeSpan.FromMilliseconds(10) }, Path, Path, Seed,
            keepLog: true, protectorOfA: a, protectorOfB: b) { UnitSize = 200 };
    }

    [Fact]
    public void A_live_pair_takes_none_of_50_000_mutated_datagrams() => Run(50_000);

    [Fact]
    [Trait("Category", "Long")]
    public void A_live_pair_takes_none_of_a_million_mutated_datagrams() => Run(1_000_000);

    public void Dispose() => _pair.Dispose();

    private void Run(int datagrams)
    {
        int units = datagrams / BadForEachGood;
        Attack(datagrams / 10);
        (long memory, long allocated) = (GC.GetTotalMemory(forceFullCollection: true), _allocated);
        Attack(datagrams - (datagrams / 10));

        // The pair itself notes the number of each unit, twice.
        long most = (512 << 10) + (100 * units);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, most);
        double each = (_allocated - allocated) / (0.9 * datagrams);
        Assert.True(each < 64, $"a refused datagram costs {each:F1} bytes of garbage");

        _pair.Transfer(0, TimeSpan.FromMinutes(1), expected: _offered);
        Assert.Equal(units, _offered);
        Assert.True(!_pair.A.IsClosed && !_pair.B.IsClosed);
        Assert.Equal(0, _pair.A.Statistics.Malformed + _pair.B.Statistics.Malformed);
        SessionStatistics b = _pair.B.Statistics;
        Assert.True(b.Replayed > 0 && b.Forged > 0 && _pair.A.Statistics.Replayed > 0);
    }

    // Goes on with the transfer until so many mutated datagrams were thrown in.
    private void Attack(int datagrams)
    {
        for (int i = 0; i < datagrams; i++)
        {
            if (i % BadForEachGood == 0)
            {
                _pair.Offer(1);
                _offered++;
                _pair.Run(TimeSpan.FromMilliseconds(20));
                Forget(_pair.Forward.Log!);
                Forget(_pair.Back.Log!);
            }

            bool toB = Dice(4) != 0;
            ReadOnlySpan<byte> bad = Mutate(toB ? _pair.Forward.Log! : _pair.Back.Log!);
            LiveSession target = toB ? _pair.B : _pair.A;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            SegmentStatus status = target.OnDatagram(bad, _pair.Now);
            _allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(status != SegmentStatus.Opened,
                $"seed {Seed}, step {i}: taken, {Convert.ToHexString(bad)}");
        }
    }

    private static void Forget(List<byte[]> log) => log.RemoveRange(0, Math.Max(0, log.Count - Seen));

    private ReadOnlySpan<byte> Mutate(List<byte[]> seen)
    {
        byte[] good = seen.Count == 0 ? Short : seen[Dice(seen.Count)];
        good.CopyTo(_bad, 0);
        int length = good.Length;
        switch (Dice(8))
        {
            case 0:
                return _bad.AsSpan(0, Dice(length)); // cut
            case 1:
                // the beginning of one, the end of another
                byte[] other = seen.Count == 0 ? Short : seen[Dice(seen.Count)];
                int at = 1 + Dice(Math.Min(length, other.Length) - 1);
                other.AsSpan(at).CopyTo(_bad.AsSpan(at));
                return _bad.AsSpan(0, other.Length);
            case 2:
                return _bad.AsSpan(0, length); // a replay
            case 3:
                _initiate.CopyTo(_bad, 0); // bytes of a handshake
                _bad[Dice(_initiate.Length)] ^= (byte)Dice(256);
                return _bad.AsSpan(0, Dice(2) == 0 ? _initiate.Length : Dice(_initiate.Length));
            case 4:
                _random.Fill(_bad.AsSpan(length, 1 + Dice(1200))); // longer, sometimes than any datagram may be
                return _bad.AsSpan(0, length + 1 + Dice(1200));
            case 5:
                _random.Fill(_bad.AsSpan(1, 3)); // another counter
                return _bad.AsSpan(0, length);
            case 6:
                _random.Fill(_bad.AsSpan(0, length)); // noise
                return _bad.AsSpan(0, length);
            default:
                for (int i = 1 + Dice(8); i > 0; i--)
                {
                    _bad[Dice(length)] ^= (byte)(1 << Dice(8));
                }

                return _bad.AsSpan(0, length);
        }
    }

    private int Dice(int sides) => (int)(_random.NextUInt64() % (ulong)sides);
}
