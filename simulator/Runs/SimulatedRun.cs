using System.Reactive.Subjects;
using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Clock;
using LinkCodec.Simulator.Pair;
using LinkCodec.Simulator.Report;

namespace LinkCodec.Simulator.Runs;

/// <summary>
/// One run: the product's own sender and listener with a link between them, in virtual time, and the applications above
/// them.
/// </summary>
internal sealed class SimulatedRun : IDisposable
{
    private readonly RunInput _input;
    private readonly IReadOnlyList<Parcel> _parcels;
    private readonly LinkEnds _ends;
    private readonly LinkModel _link;
    private readonly SenderEndpoint _sender;
    private readonly ListenerEndpoint _listener;
    private readonly VirtualClock _clock = new();
    private readonly EndpointPair _pair;
    private readonly Subject<Delivery> _deliveries = new();
    private ReceiverEndpoint? _receiver;
    private Timestamp? _endedAt;
    private bool _isConnected;
    private int _sent;

    /// <param name="input">The messages and the link that they are sent over.</param>
    /// <param name="parcels">The messages as the codec gives them to the sender.</param>
    /// <param name="codec">The codec.</param>
    /// <param name="coding">Codes and decodes.</param>
    /// <param name="seed">The seed of all the randomness of link, keys and handshake.</param>
    /// <param name="capture">Gets every datagram; null for none; the caller's.</param>
    public SimulatedRun(
        RunInput input, IReadOnlyList<Parcel> parcels, RunCodec codec, CodingPool coding, ulong seed,
        PcapWriter? capture)
    {
        (_input, _parcels) = (input, parcels);
        _ends = new LinkEnds(input, codec, seed);
        _link = input.Scenario.Build(seed);
        _sender = new SenderEndpoint(_ends.SenderOptions, _clock.Now);
        _listener = new ListenerEndpoint(_ends.ReceiverOptions);
        CodingClock clock = new(work => coding.RunAsync(work, CancellationToken.None).GetAwaiter().GetResult(),
            input.CodingSpeed);
        _pair = new EndpointPair(_sender, _listener, _link, _clock, clock, capture) { Applications = Apply };
        for (int i = 0; input.Interval > TimeSpan.Zero && i < parcels.Count; i++)
        {
            _clock.At(ReadyAt(parcels[i]), static () => { }); // The application has a message then.
        }
    }

    /// <summary>Messages as they are given out; completes with the run.</summary>
    public IObservable<Delivery> Deliveries => _deliveries;

    /// <summary>Payload bytes that arrived for the first time.</summary>
    public long PayloadBytes => _receiver?.Messages.Counters.CodedBytes ?? 0;

    /// <summary>Bytes of the datagrams that the sender's session has sent.</summary>
    public long SessionBytes => _sender.Statistics.BytesSent;

    /// <summary>The same bytes, by what they were for.</summary>
    public SentBytes Sent => _sender.Statistics.Sent;

    /// <summary>The link, with what it carried.</summary>
    public LinkModel Link => _link;

    /// <summary>The time at which the sender's session ended, or the run.</summary>
    public Timestamp EndedAt => _endedAt ?? _clock.Now;

    /// <summary>"complete", or why not.</summary>
    public string Ending { get; private set; } = "idle";

    public void Run(CancellationToken cancellationToken)
    {
        PairEnd end = _pair.Run(_input.Duration, () => cancellationToken.IsCancellationRequested);
        cancellationToken.ThrowIfCancellationRequested();
        bool isRefused = _receiver is { } receiver && receiver.Messages.Error != LinkErrorCode.None;
        Ending = isRefused ? "the receiver refused a frame" : end == PairEnd.TimeUp ? "time up"
            : HowTheSenderEnded() ?? "idle";
        _deliveries.OnCompleted();
    }

    public void Dispose()
    {
        _sender.Dispose();
        _listener.Dispose();
        _link.Dispose();
        _ends.Dispose();
        _deliveries.Dispose();
    }

    private void Apply(Timestamp now)
    {
        if (_sender.Stream is { } stream && _isConnected)
        {
            while (_sent < _parcels.Count && ReadyAt(_parcels[_sent]) <= now
                && stream is { HasRoom: true, Closing: null })
            {
                stream.Add(_parcels[_sent++].Content);
            }

            if (_sent == _parcels.Count)
            {
                stream.Complete();
            }
        }

        if (_sender.Stream is not null && !_isConnected)
        {
            _isConnected = true;
            // The application learns of its session when the sender has greeted in it.
            _clock.At(now, static () => { });
        }

        _endedAt ??= _sender.Failure is not null || _sender.Stream?.Closing is not null ? now : null;
        if (_ends.SenderOptions.IsFile && _endedAt is not null && !_listener.HasEnded
            && _clock.NextEvent == Timestamp.Never)
        {
            _listener.OnPathEnd(now);
        }

        Receive(now);
    }

    // That a block of several messages is full shows when the next message has come; nothing comes behind the last one.
    private Timestamp ReadyAt(in Parcel parcel)
    {
        int last = parcel.Count == 1 ? parcel.First : parcel.First + parcel.Count;
        return Timestamp.Zero + (_input.Interval * Math.Min(last, _input.Messages.Count - 1));
    }

    private void Receive(Timestamp now)
    {
        _receiver ??= _listener.TryAccept(out ReceiverEndpoint? accepted) ? accepted : null;
        while (_receiver?.Messages.TryTake(out ReceivedMessage message) == true)
        {
            _deliveries.OnNext(new Delivery(message.Number, now, message.Content));
        }

        if (_receiver is { Messages.IsComplete: true, IsClosed: false })
        {
            _receiver.Confirm(now);
        }
    }

    private string? HowTheSenderEnded()
    {
        if (_sender.Failure is { } failure)
        {
            return failure.Code == LinkErrorCode.TimedOut ? "no answer to the handshake" : failure.Message;
        }

        return _sender.Stream is { IsThrough: true } ? "complete"
            : _sender.Stream?.Closing is not { } closing ? null
            : closing.Text is { Length: > 0 } text ? $"{closing.Error}: {text}" : closing.Error.ToString();
    }
}

/// <summary>A message that the receiving end gave out.</summary>
internal readonly record struct Delivery(ulong Number, Timestamp At, ReadOnlyMemory<byte> Content);
