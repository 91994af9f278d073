using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Snapshots;
using LinkCodec.Transport.Files;

namespace LinkCodec.Tests.Facade;

/// <summary>
/// A listener with an application above it that takes one session, and those that take its place, as the receiving
/// command does.
/// </summary>
internal sealed class ReceivingEnd : IAsyncDisposable
{
    private readonly IDisposable _telling;
    private readonly List<(ulong First, ulong Count)> _missing = [];
    private Action<string>? _tell;
    private LinkReceiver? _receiver;
    private long _earlier;
    private ulong _first;
    private ulong _next;

    private ReceivingEnd(LinkListener listener)
    {
        Listener = listener;
        _telling = listener.Events.Subscribe(new Observer(e =>
        {
            if (e.Kind is not (LinkEventKind.SessionBegan or LinkEventKind.SessionReplaced))
            {
                _tell?.Invoke(e.Text);
            }
        }));
    }

    public LinkListener Listener { get; }

    public LinkReceiver Receiver => _receiver ?? throw new InvalidOperationException("No session has begun.");

    public LinkEndpoint Endpoint => Listener.Endpoint;

    public Snapshot Snapshot => Receiver.Snapshot;

    public LinkStatistics Statistics => Receiver.Statistics with { Messages = _earlier + Receiver.Statistics.Messages };

    public IObservable<LinkStatistics> Progress => Receiver.Progress;

    public StreamLayout? Layout => Receiver.Layout;

    public IReadOnlyList<(ulong First, ulong Count)> Missing => _missing;

    public ulong? TotalMessages => _receiver?.TotalMessages + _first;

    public FileReadReport? FileReport => Listener.FileReport;

    public static async Task<ReceivingEnd> ListenAsync(LinkEndpoint at, LinkOptions options,
        LinkSnapshots? snapshots = null) =>
            new(await LinkListener.ListenAsync(at, options with { MaxSessions = 1 }, snapshots));

    public async Task AcceptAsync(Action<string>? tell = null, CancellationToken cancellationToken = default)
    {
        _tell ??= tell;
        _receiver ??= await Listener.AcceptAsync(cancellationToken);
    }

    public async IAsyncEnumerable<ReceivedMessage> ReceiveAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await AcceptAsync(null, cancellationToken);
        await using IAsyncEnumerator<ReceivedMessage> all = new Sessions(this, cancellationToken);
        while (await all.MoveNextAsync())
        {
            yield return all.Current;
        }
    }

    public async Task ReceiveAllAsync(PipeWriter output, MessageFormat? format = null,
        CancellationToken cancellationToken = default)
    {
        await AcceptAsync(null, cancellationToken);
        await Receiver.ReceiveAllAsync(output, format, cancellationToken);
        _missing.AddRange(Receiver.Missing);
    }

    public async ValueTask DisposeAsync()
    {
        if (_receiver is not null)
        {
            await _receiver.DisposeAsync();
        }

        await Listener.DisposeAsync();
        _telling.Dispose();
    }

    /// <summary>The messages of one session after the other, with numbers that go on.</summary>
    private sealed class Sessions(ReceivingEnd end, CancellationToken cancellationToken)
        : IAsyncEnumerator<ReceivedMessage>
    {
        private IAsyncEnumerator<ReceivedMessage> _messages = end.Receiver.ReceiveAsync(cancellationToken)
            .GetAsyncEnumerator(CancellationToken.None);

        public ReceivedMessage Current { get; private set; }

        public async ValueTask<bool> MoveNextAsync()
        {
            while (true)
            {
                try
                {
                    if (await _messages.MoveNextAsync())
                    {
                        Current = _messages.Current with { Number = end._first + _messages.Current.Number };
                        end._next = Math.Max(end._next, Current.Number + 1);
                        return true;
                    }

                    Finish();
                    return false;
                }
                catch (LinkReplacedException e)
                {
                    Finish();
                    end._tell?.Invoke(e.Message);
                    end._earlier += end.Receiver.Statistics.Messages;
                    end._first = end._next;
                    end._receiver = await end.Listener.AcceptAsync(cancellationToken);
                    _messages = end.Receiver.ReceiveAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
                }
            }
        }

        public ValueTask DisposeAsync() => _messages.DisposeAsync();

        private void Finish() =>
            end._missing.AddRange(end.Receiver.Missing.Select(range => (end._first + range.First, range.Count)));
    }

    internal sealed class Observer(Action<LinkEvent> next) : IObserver<LinkEvent>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => throw error;

        public void OnNext(LinkEvent value) => next(value);
    }
}
