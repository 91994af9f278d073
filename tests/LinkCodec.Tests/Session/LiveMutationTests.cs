using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
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
public sealed class LiveMutationTests
{
    private const ulong Seed = 0x11FE;
    private const int UnitSize = 200;
    private const int BadForEachGood = 20;

    [Fact]
    public void A_live_pair_takes_none_of_50_000_mutated_datagrams() => Run(50_000);

    [Fact]
    [Trait("Category", "Long")]
    public void A_live_pair_takes_none_of_a_million_mutated_datagrams() => Run(1_000_000);

    private static void Run(int datagrams)
    {
        using Pair pair = new(datagrams / BadForEachGood);
        pair.Attack(datagrams / 10);
        (long memory, long allocated) = (GC.GetTotalMemory(forceFullCollection: true), pair.AllocatedByBad);
        pair.Attack(datagrams - (datagrams / 10));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 512 << 10);
        double each = (pair.AllocatedByBad - allocated) / (0.9 * datagrams);
        Assert.True(each < 64, $"a refused datagram costs {each:F1} bytes of garbage");
        pair.Finish();
    }

    private sealed class Pair : IDisposable
    {
        private readonly RandomSource _random = RandomSource.FromSeed(Seed);
        private readonly LiveSession _a;
        private readonly LiveSession _b;
        private readonly byte[] _initiate;
        private readonly byte[][] _toA = [.. Enumerable.Range(0, 64).Select(_ => new byte[20])];
        private readonly byte[][] _toB = [.. Enumerable.Range(0, 64).Select(_ => new byte[20])];
        private readonly byte[] _datagram = new byte[1200];
        private readonly byte[] _bad = new byte[2500];
        private readonly bool[] _received;
        private Timestamp _now = Timestamp.Zero;
        private int _sent;
        private int _goodToA;
        private int _goodToB;

        public Pair(int units)
        {
            using HandshakeInitiator initiator = new(Initiator(seed: 1));
            using HandshakeResponder responder = new(Responder(seed: 101));
            _initiate = initiator.Transmit()!;
            (_, byte[] reply, HandshakeOutcome? outcome) = responder.Answer(_initiate);
            initiator.OnDatagram(reply);
            using EstablishedKeys one = initiator.Outcome<EstablishedKeys>();
            using EstablishedKeys two = Assert.IsType<EstablishedKeys>(outcome);
            SessionOptions options = new() { OneWayDelay = TimeSpan.FromMilliseconds(10) };
            _a = new LiveSession(options, one, _now);
            _b = new LiveSession(options, two, _now);
            _received = new bool[units];
        }

        public long AllocatedByBad { get; private set; }

        /// <summary>Goes on with the transfer until so many mutated datagrams were thrown in.</summary>
        public void Attack(int datagrams)
        {
            for (int i = 0; i < datagrams; i++)
            {
                if (i % BadForEachGood == 0)
                {
                    Step(_sent < _received.Length ? 1 : 0);
                }

                bool toB = Dice(4) != 0;
                ReadOnlySpan<byte> bad = Mutate(toB ? _toB : _toA);
                LiveSession target = toB ? _b : _a;
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                SegmentStatus status = target.OnDatagram(bad, _now);
                AllocatedByBad += GC.GetAllocatedBytesForCurrentThread() - allocated;
                Assert.True(status != SegmentStatus.Opened,
                    $"seed {Seed}, step {i}: taken, {Convert.ToHexString(bad)}");
            }
        }

        public void Finish()
        {
            while (_sent < _received.Length)
            {
                Step(1);
            }

            _a.SignalEnd((ulong)_sent);
            for (int i = 0; i < 1000 && !_a.IsDrained; i++)
            {
                Step(0);
            }

            Assert.True(_a.IsDrained && !_a.IsClosed && !_b.IsClosed);
            Assert.DoesNotContain(false, _received);
            Assert.Equal(0, _a.Statistics.Malformed + _b.Statistics.Malformed);
            Assert.True(_b.Statistics.Replayed > 0 && _b.Statistics.Forged > 0 && _a.Statistics.Replayed > 0);
        }

        public void Dispose()
        {
            _a.Dispose();
            _b.Dispose();
        }

        private void Step(int units)
        {
            _now += TimeSpan.FromMilliseconds(20);
            for (; units > 0 && _a.CanEnqueue; units--)
            {
                _a.Enqueue(Unit(_sent), _sent);
                _sent++;
            }

            _a.OnTimeout(_now);
            _b.OnTimeout(_now);
            Move(_a, _b, _toB, ref _goodToB);
            Move(_b, _a, _toA, ref _goodToA);
            TakeEvents();
        }

        private void Move(LiveSession from, LiveSession to, byte[][] kept, ref int number)
        {
            while (from.TryTransmit(_datagram, _now, out int length))
            {
                if (Dice(20) == 0)
                {
                    continue; // Lost; it was never seen by an attacker either.
                }

                to.OnDatagram(_datagram.AsSpan(0, length), _now);
                kept[number++ % kept.Length] = _datagram.AsSpan(0, length).ToArray();
            }
        }

        private void TakeEvents()
        {
            while (_a.TryTakeEvent(out _))
            {
            }

            while (_b.TryTakeEvent(out SessionEvent e))
            {
                if (e.Kind == SessionEventKind.UnitReceived)
                {
                    DataFrame frame = Assert.Single(e.Frames);
                    byte[] unit = new byte[UnitSize];
                    DataFrameWriter.Write(unit, frame, toEnd: true);
                    Assert.True(unit.AsSpan().SequenceEqual(Unit((int)frame.FirstMessage)),
                        $"seed {Seed}: unit {frame.FirstMessage} is wrong");
                    Assert.False(_received[frame.FirstMessage], $"seed {Seed}: unit {frame.FirstMessage} came twice");
                    _received[frame.FirstMessage] = true;
                }
            }
        }

        private ReadOnlySpan<byte> Mutate(byte[][] seen)
        {
            byte[] good = seen[Dice(seen.Length)];
            good.CopyTo(_bad, 0);
            int length = good.Length;
            switch (Dice(8))
            {
                case 0:
                    return _bad.AsSpan(0, Dice(length)); // cut
                case 1:
                    byte[] other = seen[Dice(seen.Length)]; // the beginning of one, the end of another
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

        private static byte[] Unit(int number)
        {
            byte[] unit = new byte[UnitSize];
            int header = DataFrameWriter.WriteStoredHeader(unit, (ulong)number);
            RandomSource.FromSeed(Seed + (ulong)number).Fill(unit.AsSpan(header));
            return unit;
        }

        private int Dice(int sides) => (int)(_random.NextUInt64() % (ulong)sides);
    }
}
