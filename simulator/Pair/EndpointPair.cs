using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Clock;
using LinkCodec.Simulator.Report;

namespace LinkCodec.Simulator.Pair;

/// <summary>Why a run ended.</summary>
internal enum PairEnd
{
    /// <summary>Nothing is on the way, nothing to send, and neither end waits for anything.</summary>
    Idle,

    /// <summary>The condition of the caller was met.</summary>
    Done,

    /// <summary>The time was up.</summary>
    TimeUp,
}

/// <summary>Two endpoints with a link between them, in virtual time: same endpoints and seed, same bytes at the same microseconds.</summary>
internal sealed class EndpointPair<TNear, TFar>
    where TNear : IEndpoint
    where TFar : IEndpoint
{
    /// <summary>More datagrams than any session sends at one instant: the endpoint would never stop.</summary>
    private const int MostAtOneInstant = 1_000_000;

    private readonly LinkModel _link;
    private readonly PcapWriter? _capture;
    private readonly byte[] _buffer;
    private readonly List<Arrival> _arrivals = [];
    private Timestamp _instant = new(long.MinValue);
    private int _stepsAtInstant;

    /// <param name="near">The end whose datagrams go forward.</param>
    /// <param name="far">The other end.</param>
    /// <param name="link">What lies between.</param>
    /// <param name="clock">Virtual time; the caller may add events of its own, such as messages to send.</param>
    /// <param name="capture">Gets every datagram as it is put on the link; the caller's.</param>
    /// <param name="maxDatagramSize">The room that an endpoint is given to write a datagram, in bytes.</param>
    public EndpointPair(TNear near, TFar far, LinkModel link, VirtualClock clock, PcapWriter? capture = null, int maxDatagramSize = 2048)
    {
        Near = near;
        Far = far;
        Clock = clock;
        _link = link;
        _capture = capture;
        _buffer = new byte[maxDatagramSize];
    }

    public TNear Near { get; }

    public TFar Far { get; }

    public VirtualClock Clock { get; }

    /// <summary>Runs until the pair is idle, <paramref name="until"/> says so, or <paramref name="duration"/> has passed.</summary>
    public PairEnd Run(TimeSpan duration, Func<bool>? until = null)
    {
        Timestamp limit = Clock.Now + duration;
        while (true)
        {
            Transmit();
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
                Clock.RunNext(limit); // An arrival at the very instant of a deadline comes first: it may be what was waited for.
                continue;
            }

            Clock.AdvanceTo(deadline);
            TimeOut(Near);
            TimeOut(Far);
        }
    }

    private void TimeOut(IEndpoint endpoint)
    {
        if (endpoint.NextDeadline <= Clock.Now)
        {
            endpoint.OnTimeout(Clock.Now);
        }
    }

    private void Transmit()
    {
        Transmit(Near, forward: true, _link.Forward);
        Transmit(Far, forward: false, _link.Return);
    }

    private void Transmit(IEndpoint from, bool forward, OneWayChannel channel)
    {
        for (int sent = 0; from.TryTransmit(_buffer, Clock.Now, out int length); sent++)
        {
            if (sent == MostAtOneInstant)
            {
                throw new InvalidOperationException("An endpoint sends without end.");
            }

            ReadOnlySpan<byte> datagram = _buffer.AsSpan(0, length);
            _capture?.Write(datagram, Clock.Now, forward);
            channel.Send(datagram, Clock.Now, _arrivals);
            foreach (Arrival arrival in _arrivals)
            {
                Clock.At(arrival.At, () => Deliver(arrival, forward));
            }

            _arrivals.Clear();
        }
    }

    private void Deliver(Arrival arrival, bool forward)
    {
        if (forward)
        {
            Far.OnDatagram(arrival.Bytes, Clock.Now);
        }
        else
        {
            Near.OnDatagram(arrival.Bytes, Clock.Now);
        }
    }

    private void GuardAgainstStandstill(Timestamp next)
    {
        _stepsAtInstant = next == _instant ? _stepsAtInstant + 1 : 0;
        _instant = next;
        if (_stepsAtInstant > MostAtOneInstant)
        {
            throw new InvalidOperationException($"Time stands still at {next.Microseconds} us: the deadline of {(Near.NextDeadline <= next ? "the near end" : "the far end")} stays at {Timestamp.Min(Near.NextDeadline, Far.NextDeadline).Microseconds} us.");
        }
    }
}
