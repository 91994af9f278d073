using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Clock;
using LinkCodec.Simulator.Report;

namespace LinkCodec.Simulator.Pair;

/// <summary>The reason why a run ended.</summary>
internal enum PairEnd
{
    /// <summary>Nothing is on the way, nothing to send, and neither end waits for anything.</summary>
    Idle,

    /// <summary>The condition of the caller was met.</summary>
    Done,

    /// <summary>The time was up.</summary>
    TimeUp,
}

/// <summary>
/// Two endpoints with a link between them, in virtual time: same endpoints and seed, same bytes at the same
/// microseconds.
/// </summary>
internal sealed class EndpointPair
{
    /// <summary>More datagrams than any session sends at one instant: the endpoint would never stop.</summary>
    private const int MostAtOneInstant = 1_000_000;

    private static readonly PathAddress NearAddress = new("near");
    private static readonly PathAddress FarAddress = new("far");

    private readonly LinkModel _link;
    private readonly CodingClock _coding;
    private readonly PcapWriter? _capture;
    private readonly byte[] _buffer;
    private readonly List<Arrival> _arrivals = [];
    private Timestamp _instant = new(long.MinValue);
    private int _stepsAtInstant;

    /// <param name="near">The end whose datagrams go forward.</param>
    /// <param name="far">The other end.</param>
    /// <param name="link">The link between the endpoints.</param>
    /// <param name="clock">Virtual time; the caller may add events of its own, such as messages to send.</param>
    /// <param name="coding">Does the ends' coding.</param>
    /// <param name="capture">Gets every datagram as it is put on the link; the caller's.</param>
    public EndpointPair(
        IDatagramEndpoint near, IDatagramEndpoint far, LinkModel link, VirtualClock clock, CodingClock? coding = null,
        PcapWriter? capture = null)
    {
        Near = near;
        Far = far;
        Clock = clock;
        _link = link;
        _coding = coding ?? CodingClock.None;
        _capture = capture;
        _buffer = new byte[Math.Max(near.MaxDatagramSize, far.MaxDatagramSize)];
    }

    public IDatagramEndpoint Near { get; }

    public IDatagramEndpoint Far { get; }

    /// <summary>
    /// Called whenever something has happened, before anything else does: where applications add messages and take
    /// them.
    /// </summary>
    public Action<Timestamp>? Applications { get; init; }

    public VirtualClock Clock { get; }

    /// <summary>
    /// Runs until the pair is idle, <paramref name="until"/> says so, or <paramref name="duration"/> has passed.
    /// </summary>
    public PairEnd Run(TimeSpan duration, Func<bool>? until = null)
    {
        Timestamp limit = Clock.Now + duration;
        while (true)
        {
            Step();
            if (until?.Invoke() == true)
            {
                return PairEnd.Done;
            }

            Timestamp deadline = Timestamp.Min(Near.NextDeadline, Far.NextDeadline);
            Timestamp next = Timestamp.Min(deadline, Clock.NextEvent);
            if (next == Timestamp.Never)
            {
                return PairEnd.Idle;
            }

            if (next > limit)
            {
                Clock.AdvanceTo(limit);
                return PairEnd.TimeUp;
            }

            GuardAgainstStandstill(Timestamp.Max(next, Clock.Now));
            if (Clock.NextEvent <= deadline)
            {
                // An arrival at the very instant of a deadline comes first: it may be what was waited for.
                Clock.RunNext(limit);
                continue;
            }

            Clock.AdvanceTo(deadline);
            TimeOut(Near);
            TimeOut(Far);
        }
    }

    private void TimeOut(IDatagramEndpoint endpoint)
    {
        if (endpoint.NextDeadline <= Clock.Now)
        {
            endpoint.OnTimeout(Clock.Now);
        }
    }

    // A datagram or a piece of work at an instant may give an end, or its application, something more to do.
    private void Step()
    {
        bool any;
        do
        {
            Applications?.Invoke(Clock.Now);
            any = Code(Near) | Code(Far);
            any |= Transmit(Near, forward: true, _link.Forward) | Transmit(Far, forward: false, _link.Return);
        }
        while (any);
    }

    private bool Code(IDatagramEndpoint endpoint)
    {
        bool any = false;
        while (endpoint.TryTakeWork(out CodingWork? work))
        {
            any = true;
            CodingWork taken = work;
            TimeSpan takes = _coding.Run(taken);
            if (takes > TimeSpan.Zero)
            {
                Clock.After(takes, () => endpoint.Return(taken, Clock.Now));
            }
            else
            {
                endpoint.Return(taken, Clock.Now);
            }
        }

        return any;
    }

    private bool Transmit(IDatagramEndpoint from, bool forward, OneWayChannel channel)
    {
        int sent = 0;
        for (; from.TryTransmit(_buffer, Clock.Now, out Transmission written); sent++)
        {
            if (sent == MostAtOneInstant)
            {
                throw new InvalidOperationException("An endpoint sends without end.");
            }

            ReadOnlySpan<byte> datagram = _buffer.AsSpan(0, written.Length);
            _capture?.Write(datagram, Clock.Now, forward);
            channel.Send(datagram, Clock.Now, _arrivals);
            foreach (Arrival arrival in _arrivals)
            {
                Clock.At(arrival.At, () => Deliver(arrival, forward));
            }

            _arrivals.Clear();
        }

        return sent > 0;
    }

    private void Deliver(Arrival arrival, bool forward)
    {
        if (forward)
        {
            Far.OnDatagram(arrival.Bytes, NearAddress, Clock.Now);
        }
        else
        {
            Near.OnDatagram(arrival.Bytes, FarAddress, Clock.Now);
        }
    }

    private void GuardAgainstStandstill(Timestamp next)
    {
        _stepsAtInstant = next == _instant ? _stepsAtInstant + 1 : 0;
        _instant = next;
        if (_stepsAtInstant > MostAtOneInstant)
        {
            throw new InvalidOperationException($"Time stands still at {next.Microseconds} us: the deadline "
                + $"of {(Near.NextDeadline <= next ? "the near end" : "the far end")} stays at "
                + $"{Timestamp.Min(Near.NextDeadline, Far.NextDeadline).Microseconds} us.");
        }
    }
}
