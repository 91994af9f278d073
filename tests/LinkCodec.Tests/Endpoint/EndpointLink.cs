using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Endpoint;

/// <summary>
/// A listener and any number of senders in virtual time, with a path of constant delay between them; work is coded at
/// once, or later.
/// </summary>
internal sealed class EndpointLink : IDisposable
{
    private readonly LinkParts _parts;
    private readonly PriorityQueue<Action, (Timestamp At, long Order)> _events = new();
    private readonly List<SenderEndpoint> _senders = [];
    private readonly HashSet<SenderEndpoint> _dead = [];
    private readonly byte[] _buffer = new byte[65_536];
    private readonly List<LinkParts> _senderParts = [];
    private long _order;

    public EndpointLink(LinkOptions options, LinkSnapshots? snapshots = null, ulong seed = 1)
    {
        Seed = seed;
        _parts = new LinkParts(options with { RandomSource = RandomSource.FromSeed(seed) },
            snapshots ?? Facade.LoopbackLink.WithoutFiles, ownsSnapshots: false);
        Listener = new ListenerEndpoint(_parts.OptionsFor(canAnswer: true, isFile: false, isSender: false));
    }

    public ListenerEndpoint Listener { get; }

    public Timestamp Now { get; private set; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a piece of work takes.</summary>
    public Func<CodingWork, TimeSpan> Coding { get; set; } = _ => TimeSpan.Zero;

    /// <summary>What happens to a datagram on the way to the listener: whether it passes.</summary>
    public Func<byte[], bool> Passes { get; set; } = _ => true;

    /// <summary>Every datagram that was put on the path, with its instant.</summary>
    public List<(Timestamp At, byte[] Bytes)> Sent { get; } = [];

    private ulong Seed { get; set; }

    public SenderEndpoint Connect(LinkOptions options)
    {
        LinkParts parts = new(options with { RandomSource = RandomSource.FromSeed(++Seed) }, _parts.Snapshots,
            ownsSnapshots: false);
        _senderParts.Add(parts);
        SenderEndpoint sender = new(parts.OptionsFor(canAnswer: true, isFile: false, isSender: true), Now);
        _senders.Add(sender);
        return sender;
    }

    /// <summary>The sender's machine is gone: it neither sends nor hears.</summary>
    public void Kill(SenderEndpoint sender) => _dead.Add(sender);

    /// <summary>Gives a datagram to the listener, as a stranger would.</summary>
    public DatagramStatus Inject(ReadOnlySpan<byte> datagram, object from) =>
        Listener.OnDatagram(datagram, new PathAddress(from), Now);

    /// <summary>
    /// Runs until nothing is to be done before <paramref name="limit"/> has passed, or until <paramref name="until"/>.
    /// </summary>
    public void Run(TimeSpan limit, Func<bool>? until = null)
    {
        Timestamp end = Now + limit;
        while (true)
        {
            Step();
            if (until?.Invoke() == true)
            {
                return;
            }

            Timestamp next = Ends().Select(e => e.Endpoint.NextDeadline)
                .Append(_events.Count > 0 ? _events.UnorderedItems.Min(e => e.Priority).At : Timestamp.Never).Min();
            if (next > end)
            {
                Now = end;
                return;
            }

            Now = Timestamp.Max(Now, next);
            while (_events.TryPeek(out _, out (Timestamp At, long Order) due) && due.At <= Now)
            {
                _events.Dequeue()();
            }

            foreach ((IDatagramEndpoint endpoint, _) in Ends().Where(e => e.Endpoint.NextDeadline <= Now).ToArray())
            {
                endpoint.OnTimeout(Now);
            }
        }
    }

    /// <summary>Every message that a session has ready; its sender is told when all were taken.</summary>
    public List<ReceivedMessage> Take(ReceiverEndpoint receiver)
    {
        List<ReceivedMessage> taken = [];
        while (receiver.Messages.TryTake(out ReceivedMessage message))
        {
            taken.Add(message);
        }

        if (receiver.Messages.IsComplete)
        {
            receiver.Confirm(Now);
        }

        return taken;
    }

    public void Dispose()
    {
        _senders.ForEach(sender => sender.Dispose());
        Listener.Dispose();
        _senderParts.ForEach(parts => parts.Dispose());
        _parts.Dispose();
    }

    private IEnumerable<(IDatagramEndpoint Endpoint, object Name)> Ends() =>
        _senders.Where(s => !_dead.Contains(s)).Select(s => ((IDatagramEndpoint)s, (object)s))
            .Append((Listener, Listener));

    private void Step()
    {
        bool any = true;
        while (any)
        {
            any = false;
            foreach ((IDatagramEndpoint endpoint, object name) in Ends().ToArray())
            {
                any |= Code(endpoint) | Transmit(endpoint, name);
            }
        }
    }

    private bool Code(IDatagramEndpoint endpoint)
    {
        bool any = false;
        while (endpoint.TryTakeWork(out CodingWork? work))
        {
            any = true;
            CodingWork taken = work;
            _parts.Coding.RunAsync(taken, CancellationToken.None).GetAwaiter().GetResult();
            At(Now + Coding(taken), () => endpoint.Return(taken, Now));
        }

        return any;
    }

    private bool Transmit(IDatagramEndpoint endpoint, object name)
    {
        bool any = false;
        while (endpoint.TryTransmit(_buffer, Now, out Transmission written))
        {
            any = true;
            byte[] datagram = _buffer[..written.Length];
            Sent.Add((Now, datagram));
            if (endpoint == Listener)
            {
                SenderEndpoint to = (SenderEndpoint)written.To.Name!;
                At(Now + Delay, () => _ = _dead.Contains(to) ? default : to.OnDatagram(datagram, default, Now));
            }
            else if (Passes(datagram))
            {
                At(Now + Delay, () => Listener.OnDatagram(datagram, new PathAddress(name), Now));
            }
        }

        return any;
    }

    private void At(Timestamp at, Action action) => _events.Enqueue(action, (at, _order++));
}
