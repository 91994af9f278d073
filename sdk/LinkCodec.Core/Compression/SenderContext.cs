using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>The sender's side of acknowledged context: which messages the next ones may start from, and when that
/// changes.</summary>
/// <remarks>
/// <para>In turn: <see cref="Advance"/>, code a batch from <see cref="Current"/>, <see cref="Add"/> it.
/// <see cref="OnAcknowledged"/> may come at any time and from any thread; the rest belongs to one thread. The context
/// changes in <see cref="Advance"/> alone, so no coder may run then.</para>
/// <para>Memory: one context, and copies of what is coded and not absorbed, at most <see cref="ContextLimits.Span"/>
/// beside what was acknowledged since the last change. Spec: protocol-spec/05-coding.md, section 5.</para>
/// </remarks>
internal sealed class SenderContext : IDisposable
{
    // Absorbing costs a new frame, whose header takes some bytes: so once much is known, some more must have come
    // before it is worth it.
    private const long EagerShare = 8;
    private const long LargestStep = 4096;

    private readonly StreamContext _context;

    // The tails are those of the messages from the base on; the versions say what messages were coded from, oldest
    // first.
    private readonly Queue<ReadOnlyMemory<byte>> _tails = new();
    private readonly List<Version> _versions = [];
    private readonly bool _everyMessage;
    private ulong _base;
    private ulong _next;
    private long _absorbed;

    // Whoever reads reports writes this, on a thread of its own.
    private ulong _acknowledged;

    private SenderContext(StreamContext context, bool everyMessage) =>
        (_context, _everyMessage) = (context, everyMessage);

    // Messages up to Last were coded from the context of those below Base.
    private readonly record struct Version(ulong Base, ulong Last);

    /// <summary>The context to code from; null for the start state. <see cref="Advance"/> changes it.</summary>
    public StreamContext? Current => _base == 0 ? null : _context;

    /// <summary>The current context has absorbed the messages below this number.</summary>
    public ulong Base => _base;

    /// <summary>Number of the next message to be added.</summary>
    public ulong Next => _next;

    /// <summary>Whether more may be coded before something is acknowledged.</summary>
    public bool HasRoom
    {
        get
        {
            ulong acknowledged = Interlocked.Read(ref _acknowledged);
            ulong unread = acknowledged - _base;
            // spec 5.5-4: the other half is for the next batch.
            return _tails.Skip((int)unread).Sum(Cost) < ContextLimits.Span / 2;
        }
    }

    /// <summary>Starts with nothing acknowledged; null when the predictor keeps no context.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="everyMessage">Whether <see cref="Advance"/> absorbs whatever was acknowledged, however
    /// little.</param>
    public static SenderContext? For(Predictor predictor, bool everyMessage = false)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        return predictor.CreateContext() is StreamContext context ? new SenderContext(context, everyMessage) : null;
    }

    /// <summary>Takes note of a message that was coded from <see cref="Current"/>; copies what is absorbed of
    /// it.</summary>
    /// <exception cref="ArgumentException">The message's number is not the next one.</exception>
    public void Add(OutgoingMessage message)
    {
        if (message.Number != _next)
        {
            throw new ArgumentException($"Message {message.Number} comes after {_next}.", nameof(message));
        }

        if (_base != 0)
        {
            // There is one entry for each base.
            if (_versions.Count > 0 && _versions[^1].Base == _base)
            {
                _versions.RemoveAt(_versions.Count - 1);
            }

            _versions.Add(new Version(_base, _next));
        }

        _tails.Enqueue(ContextLimits.Tail(message.Content).ToArray());
        _next++;
    }

    /// <summary>The peer has reported segments with all messages below <paramref name="message"/>, whole. Thread-safe;
    /// lower numbers change nothing.</summary>
    public void OnAcknowledged(ulong message)
    {
        ulong known = Interlocked.Read(ref _acknowledged);
        while (message > known)
        {
            ulong found = Interlocked.CompareExchange(ref _acknowledged, message, known);
            if (found == known)
            {
                return;
            }

            known = found;
        }
    }

    /// <summary>Absorbs what was acknowledged, when that is worth a frame of its own and the peer still keeps all
    /// contexts that are needed.</summary>
    /// <param name="cancellationToken">Looked at before each message. What was absorbed until then counts.</param>
    /// <returns>Whether <see cref="Current"/> has changed. Costs microseconds for each byte absorbed; of a language
    /// model up to a millisecond.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public bool Advance(CancellationToken cancellationToken = default)
    {
        ulong acknowledged = Math.Min(Interlocked.Read(ref _acknowledged), _next);
        _versions.RemoveAll(version => version.Base != _base && version.Last < acknowledged);
        int count = (int)(acknowledged - _base);
        long fresh = _tails.Take(count).Sum(Cost);
        long least = _everyMessage ? 0 : Math.Min(_absorbed / EagerShare, LargestStep);
        if (count == 0 || fresh < least || _versions.Count >= ContextLimits.Versions)
        {
            return false; // spec 5.5-5: a fifth context would make the peer forget one that unreported messages need.
        }

        for (; _base < acknowledged; _base++) // spec 5.5-1
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte> tail = _tails.Dequeue();
            _context.Absorb(tail.Span);
            _absorbed += Cost(tail);
        }

        return true;
    }

    /// <summary>Hands the context back: nothing may be coded from it any more.</summary>
    public void Dispose() => _context.Dispose();

    private static long Cost(ReadOnlyMemory<byte> tail) => tail.Length + ContextLimits.MessageCost;
}
