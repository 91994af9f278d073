using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Session.Support;

namespace LinkCodec.Tests.Endpoint;

/// <summary>
/// A listener and any number of senders in virtual time, with a path between them; work is coded at once, or later.
/// </summary>
internal sealed class EndpointLink : IDisposable
{
    private readonly LinkParts _parts;
    private readonly EndpointOptions _listening;
    private readonly PriorityQueue<(IDatagramEndpoint Of, CodingWork Work), (Timestamp At, long Order)> _coded = new();
    private readonly LossyPath _forward;
    private readonly LossyPath _back;
    private readonly List<SenderEndpoint> _senders = [];
    private readonly HashSet<SenderEndpoint> _dead = [];
    private readonly byte[] _buffer = new byte[65_536];
    private readonly List<LinkParts> _senderParts = [];
    private long _order;

    public EndpointLink(
        LinkOptions options, PathOptions? path = null, PathOptions? back = null, LinkSnapshots? snapshots = null,
        ulong seed = 1, IResumptions? resumptions = null)
    {
        Seed = seed;
        path ??= new PathOptions { Delay = TimeSpan.FromMilliseconds(10) };
        _forward = new LossyPath(path, seed ^ 0xF0);
        _back = new LossyPath(back ?? path, seed ^ 0x0F);
        _parts = new LinkParts(options with { RandomSource = RandomSource.FromSeed(seed) },
            snapshots ?? Facade.LoopbackLink.WithoutFiles, ownsSnapshots: snapshots is not null);
        _listening = _parts.OptionsFor(canAnswer: true, isFile: false, isSender: false, resumptions: resumptions);
        Listener = new ListenerEndpoint(_listening);
    }

    public ListenerEndpoint Listener { get; private set; }

    public Timestamp Now { get; private set; }

    /// <summary>How long a piece of work takes.</summary>
    public Func<CodingWork, TimeSpan> Coding { get; set; } = _ => TimeSpan.Zero;

    /// <summary>What happens to a datagram on the way to the listener: whether it passes.</summary>
    public Func<byte[], bool> Passes { get; set; } = _ => true;

    private ulong Seed { get; set; }

    /// <summary>What happens to a datagram on the way to a sender: whether it passes.</summary>
    public Func<byte[], bool> PassesBack { get; set; } = _ => true;

    /// <summary>The listener's process is killed, and started anew with the same keys.</summary>
    public void RestartListener()
    {
        Listener.Dispose();
        Listener = new ListenerEndpoint(_listening);
    }

    public SenderEndpoint Connect(LinkOptions options, ResumptionSecret? secret = null)
    {
        EndpointOptions sending = OptionsOf(options);
        Resumption? resumption = secret is null ? null : new Resumption(secret, 0);
        SenderEndpoint sender = new(
            sending with { Handshake = sending.Handshake with { Resumption = resumption } }, Now);
        _senders.Add(sender);
        return sender;
    }

    /// <summary>The options of a sender's endpoint.</summary>
    public EndpointOptions OptionsOf(LinkOptions options)
    {
        LinkParts parts = new(options with { RandomSource = RandomSource.FromSeed(++Seed) }, _parts.Snapshots,
            ownsSnapshots: false);
        _senderParts.Add(parts);
        return parts.OptionsFor(canAnswer: true, isFile: false, isSender: true);
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

            Timestamp next = Ends().Select(endpoint => endpoint.NextDeadline)
                .Append(_coded.TryPeek(out _, out (Timestamp At, long) due) ? due.At : Timestamp.Never)
                .Append(_forward.NextArrival).Append(_back.NextArrival).Min();
            if (next > end)
            {
                Now = end;
                return;
            }

            Now = Timestamp.Max(Now, next);
            Receive();
            foreach (IDatagramEndpoint endpoint in Ends().Where(endpoint => endpoint.NextDeadline <= Now).ToArray())
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

    private IEnumerable<IDatagramEndpoint> Ends() =>
        _senders.Where(sender => !_dead.Contains(sender)).Append<IDatagramEndpoint>(Listener);

    private void Receive()
    {
        while (_coded.TryPeek(out _, out (Timestamp At, long) due) && due.At <= Now)
        {
            (IDatagramEndpoint of, CodingWork work) = _coded.Dequeue();
            of.Return(work, Now);
        }

        while (_forward.TryReceive(Now, out byte[] datagram, out object? from))
        {
            Inject(datagram, from!);
        }

        while (_back.TryReceive(Now, out byte[] datagram, out object? to))
        {
            if (to is SenderEndpoint sender && !_dead.Contains(sender))
            {
                sender.OnDatagram(datagram, default, Now);
            }
        }
    }

    private void Step()
    {
        bool any = true;
        while (any)
        {
            any = false;
            foreach (IDatagramEndpoint endpoint in Ends().ToArray())
            {
                any |= Code(endpoint) | Transmit(endpoint);
            }
        }
    }

    private bool Code(IDatagramEndpoint endpoint)
    {
        bool any = false;
        while (endpoint.TryTakeWork(out CodingWork? work))
        {
            any = true;
            _parts.Coding.RunAsync(work, CancellationToken.None).GetAwaiter().GetResult();
            _coded.Enqueue((endpoint, work), (Now + Coding(work), _order++));
        }

        return any;
    }

    private bool Transmit(IDatagramEndpoint endpoint)
    {
        bool any = false;
        while (endpoint.TryTransmit(_buffer, Now, out Transmission written))
        {
            any = true;
            ReadOnlySpan<byte> datagram = _buffer.AsSpan(0, written.Length);
            if (endpoint == Listener)
            {
                if (PassesBack(datagram.ToArray()))
                {
                    _back.Send(datagram, Now, written.To.Name);
                }
            }
            else if (Passes(datagram.ToArray()))
            {
                _forward.Send(datagram, Now, endpoint);
            }
        }

        return any;
    }
}
