using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session.Support;

/// <summary>
/// Two live sessions, two paths, one virtual clock. A sends units, B receives them; what B got is checked as it comes.
/// </summary>
internal sealed class SessionPair : IDisposable
{
    private readonly byte[] _datagram = new byte[65_536];
    private readonly HashSet<ulong> _received = [];
    private readonly ulong _seed;
    private ulong _nextUnit;
    private ulong _reportedEnd;
    private ulong _unitsToSend;

    public SessionPair(
        SessionOptions options, PathOptions forward, PathOptions back, ulong seed, bool keepLog = false,
        SessionOptions? optionsOfB = null, ISegmentProtector? protectorOfA = null,
        ISegmentProtector? protectorOfB = null)
    {
        _seed = seed;
        Forward = new LossyPath(forward, seed ^ 0xF0) { Log = keepLog ? [] : null };
        Back = new LossyPath(back, seed ^ 0x0F) { Log = keepLog ? [] : null };
        A = new LiveSession(options, protectorOfA ?? new PlainProtector(seed, ~seed), Now);
        B = new LiveSession(optionsOfB ?? options, protectorOfB ?? new PlainProtector(~seed, seed), Now);
    }

    public Timestamp Now { get; private set; } = Timestamp.Zero;

    public LiveSession A { get; }

    public LiveSession B { get; }

    public LossyPath Forward { get; }

    public LossyPath Back { get; }

    /// <summary>The most that A and B held at a time, of what their options bound.</summary>
    public (long A, long B) Peak { get; private set; }

    public HashSet<long> Acknowledged { get; } = [];

    public List<SessionEvent> Told { get; } = [];

    public int UnitsReceived => _received.Count;

    public ulong UnitsEnqueued => _nextUnit;

    public Timestamp LastUnitAt { get; private set; }

    /// <summary>Whether B takes its events.</summary>
    public bool ReaderIsAwake { get; set; } = true;

    public int UnitSize { get; init; } = 236;

    /// <summary>Whether units say their numbers in short where the rule of the protocol lets them.</summary>
    public bool SaysNumbersInShort { get; init; }

    /// <summary>Lets A send <paramref name="units"/> more units, as fast as it takes them.</summary>
    public void Offer(int units) => _unitsToSend += (ulong)units;

    /// <summary>Runs until nothing happens any more, the condition holds, or the time is over.</summary>
    public void Run(TimeSpan limit, Func<bool>? until = null)
    {
        Timestamp end = Now + limit;
        int standing = 0;
        while (true)
        {
            Pump();
            if (until?.Invoke() == true)
            {
                return;
            }

            Timestamp next = Timestamp.Min(Timestamp.Min(Forward.NextArrival, Back.NextArrival),
                Timestamp.Min(A.NextDeadline, B.NextDeadline));
            if (next > end)
            {
                Now = end;
                return;
            }

            standing = next <= Now ? standing + 1 : 0;
            Assert.True(standing < 10_000, $"Time stands still at {Now}, seed {_seed:x}.");
            Now = Timestamp.Max(Now, next);
            Step();
        }
    }

    /// <summary>Offers units and the end, and runs until A knows that all came, those offered before too.</summary>
    public void Transfer(int units, TimeSpan limit, int expected = 0)
    {
        Offer(units);
        expected = expected == 0 ? units : expected;
        bool ended = false;
        Run(limit, () =>
        {
            if (!ended && _nextUnit == _unitsToSend)
            {
                A.SignalEnd(_nextUnit);
                ended = true;
                Pump();
            }

            return ended && A.IsDrained;
        });
        Assert.True(A.IsDrained, $"seed {_seed:x}: {A.Statistics} {B.Statistics}");
        Assert.Equal(expected, UnitsReceived);
        Assert.Equal(expected, Acknowledged.Count);
        Assert.Equal((ulong)expected, Told.Single(e => e.Kind == SessionEventKind.PeerEnded).TotalMessages);
    }

    public byte[] Unit(ulong number)
    {
        byte[] unit = new byte[UnitSize];
        int header = DataFrameWriter.Write(unit, StoredContent.FrameOf(number, 1, default), toEnd: true);
        RandomSource.FromSeed(_seed + number).Fill(unit.AsSpan(header));
        return SaysNumbersInShort ? Coded(number, unit.AsMemory(header + 12)) : unit;
    }

    private byte[] Coded(ulong number, ReadOnlyMemory<byte> code)
    {
        DataFrame frame = new()
        {
            Kind = DataFrameKind.Coded,
            FirstMessage = number,
            Count = 1,
            IsLast = true,
            Payload = code,
        };
        bool isShort = number < _reportedEnd + MessageNumbers.Reach;
        return new PackedUnit([frame], null).ToBytes(isShort, UnitSize);
    }

    public void Pump()
    {
        TakeEvents();
        while (_nextUnit < _unitsToSend && A.CanEnqueue)
        {
            A.Enqueue(Unit(_nextUnit), (long)_nextUnit, _nextUnit);
            _nextUnit++;
        }

        while (A.TryTransmit(_datagram, Now, out int length))
        {
            Forward.Send(_datagram.AsSpan(0, length), Now);
        }

        while (B.TryTransmit(_datagram, Now, out int length))
        {
            Back.Send(_datagram.AsSpan(0, length), Now);
        }
    }

    public void TakeEvents()
    {
        Peak = (Math.Max(Peak.A, A.BytesHeld), Math.Max(Peak.B, B.BytesHeld));
        while (A.TryTakeEvent(out SessionEvent e))
        {
            Assert.True(e.Kind != SessionEventKind.UnitAcknowledged || Acknowledged.Add(e.UnitId),
                "A unit was acknowledged twice.");
            _reportedEnd = e.Kind == SessionEventKind.UnitAcknowledged
                ? Math.Max(_reportedEnd, (ulong)e.UnitId + 1)
                : _reportedEnd;
            Keep(e);
        }

        while (ReaderIsAwake && B.TryTakeEvent(out SessionEvent e))
        {
            if (e.Kind == SessionEventKind.UnitReceived)
            {
                Check(e.Frames);
            }

            Keep(e);
        }
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        Assert.Equal((0, 0), (A.BytesHeld, B.BytesHeld));
    }

    private void Keep(in SessionEvent e)
    {
        if (e.Kind is not (SessionEventKind.UnitReceived or SessionEventKind.UnitAcknowledged))
        {
            Told.Add(e);
        }
    }

    private void Step()
    {
        while (Forward.TryReceive(Now, out byte[] datagram, out _))
        {
            B.OnDatagram(datagram, Now);
        }

        while (Back.TryReceive(Now, out byte[] datagram, out _))
        {
            A.OnDatagram(datagram, Now);
        }

        A.OnTimeout(Now);
        B.OnTimeout(Now);
    }

    private void Check(IReadOnlyList<DataFrame> unit)
    {
        DataFrame frame = Assert.Single(unit);
        byte[] again = new byte[DataFrameWriter.Length(frame, toEnd: true)];
        DataFrameWriter.Write(again, frame, toEnd: true);
        byte[] sent = DataFrameWriter.SayNumber(Unit(frame.FirstMessage), frame.FirstMessage);
        Assert.True(again.AsSpan().SequenceEqual(sent),
            $"seed {_seed:x}: unit {frame.FirstMessage} is wrong.");
        Assert.True(_received.Add(frame.FirstMessage), $"seed {_seed:x}: unit {frame.FirstMessage} came twice.");
        LastUnitAt = Now;
    }
}
