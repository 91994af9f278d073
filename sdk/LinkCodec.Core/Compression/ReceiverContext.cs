using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>The receiver's side of acknowledged context: makes the context that a frame names from the messages that
/// were decoded.</summary>
/// <remarks>
/// Frames are to be asked for in the order in which they came. An honest sender's frame never names messages that were
/// not there before it, so nothing ever waits. Memory is bounded, whatever the peer sends: nine contexts, those that
/// were asked for since <see cref="Recycle"/>, and twice <see cref="ContextLimits.Span"/>. A context costs a copy, and
/// absorbing what came since the last; a peer that names as many as it can makes that four times. Not thread-safe. Owns
/// the contexts. Spec: protocol-spec/05-coding.md, section 5.
/// </remarks>
internal sealed class ReceiverContext : IDisposable
{
    // The versions are the highest contexts that were named, ascending; those that were dropped may be in use until
    // Recycle.
    private readonly List<(ulong Base, StreamContext Context)> _versions = [];
    private readonly List<StreamContext> _dropped = [];
    private readonly Stack<StreamContext> _spare = new();

    // The tails are those of the messages from the floor to the first that is missing; what came before its turn waits
    // ahead.
    private readonly Queue<ReadOnlyMemory<byte>> _tails = new();
    private readonly SortedDictionary<ulong, ReadOnlyMemory<byte>> _ahead = [];
    private readonly Predictor _predictor;
    // Made when a frame first names one: it may take megabytes, and most sessions are idle.
    private StreamContext? _floorContext;
    private ulong _floor;
    private long _tailsCost;
    private long _aheadCost;
    private bool _hasGivenUp;

    private ReceiverContext(Predictor predictor) => _predictor = predictor;

    /// <summary>The lowest number whose message was not added: all below it were.</summary>
    public ulong FirstMissing { get; private set; }

    private StreamContext Floor => _floorContext ??= _predictor.CreateContext()!;

    /// <summary>
    /// The cost of the tails that are held beside the contexts, as <see cref="ContextLimits"/> counts it.
    /// </summary>
    internal long Held => _tailsCost + _aheadCost;

    /// <summary>Starts without any message; null when the predictor keeps no context.</summary>
    public static ReceiverContext? For(Predictor predictor)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        return predictor.KeepsContext ? new ReceiverContext(predictor) : null;
    }

    /// <summary>Takes a message that was decoded, once, in any order; copies what may be absorbed of it.</summary>
    public void Add(ReceivedMessage message)
    {
        if (message.Number < FirstMissing || _hasGivenUp)
        {
            return;
        }

        ReadOnlyMemory<byte> tail = ContextLimits.Tail(message.Content).ToArray();
        if (message.Number != FirstMissing)
        {
            _aheadCost += _ahead.TryAdd(message.Number, tail) ? Cost(tail) : 0;
            if (_aheadCost > ContextLimits.Span) // spec 5.5-4: no sender that names contexts is so far ahead.
            {
                GiveUp();
            }

            return;
        }

        Append(tail);
        while (_ahead.Remove(FirstMissing, out ReadOnlyMemory<byte> next))
        {
            _aheadCost -= Cost(next);
            Append(next);
        }
    }

    /// <summary>Gives the context that a frame starts from.</summary>
    /// <param name="contextBase">The base that the frame names, above 0.</param>
    /// <param name="context">The context, which must not be changed and is valid until <see cref="Recycle"/>. Null when
    /// the result is not <see cref="LinkErrorCode.None"/>.</param>
    /// <param name="cancellationToken">Looked at before each message that has to be absorbed: a language model takes up
    /// to a millisecond a byte.</param>
    /// <returns>
    /// <see cref="LinkErrorCode.MessageLost"/> when not all messages below are there;
    /// <see cref="LinkErrorCode.Malformed"/> when the context is too old to be kept.
    /// </returns>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing has changed.</exception>
    public LinkErrorCode TryGet(
        ulong contextBase, out StreamContext? context, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(contextBase);
        context = null;
        if (contextBase > FirstMissing)
        {
            return LinkErrorCode.MessageLost; // spec 5.5-6
        }

        int at = _versions.FindLastIndex(version => version.Base <= contextBase);
        if (at >= 0 && _versions[at].Base == contextBase)
        {
            context = _versions[at].Context;
            return LinkErrorCode.None;
        }

        if (contextBase < _floor || (at < 0 && _versions.Count == ContextLimits.Versions))
        {
            return LinkErrorCode.Malformed; // spec 5.5-6: the context is older than all that are kept.
        }

        context = Make(contextBase, at, cancellationToken);
        _versions.Insert(at + 1, (contextBase, context));
        if (_versions.Count > ContextLimits.Versions) // spec 5.5-5
        {
            _dropped.Add(_versions[0].Context);
            _versions.RemoveAt(0);
        }

        if (_versions.Count == ContextLimits.Versions)
        {
            Raise(_versions[0].Base, _versions[0].Context);
        }

        return LinkErrorCode.None;
    }

    /// <summary>Nobody uses a context any more that <see cref="TryGet"/> gave: those that are not kept are used
    /// again.</summary>
    public void Recycle()
    {
        foreach (StreamContext context in _dropped)
        {
            if (_spare.Count < ContextLimits.Versions)
            {
                _spare.Push(context);
            }
            else
            {
                context.Dispose();
            }
        }

        _dropped.Clear();
    }

    /// <summary>Hands back all contexts: nobody may use one any more.</summary>
    public void Dispose()
    {
        IEnumerable<StreamContext> kept = _versions.Select(version => version.Context);
        foreach (StreamContext context in kept.Concat(_dropped).Concat(_spare).Append(_floorContext)
            .OfType<StreamContext>())
        {
            context.Dispose();
        }
    }

    private StreamContext Make(ulong contextBase, int at, CancellationToken cancellationToken)
    {
        bool isNearer = at >= 0 && _versions[at].Base >= _floor;
        (ulong from, StreamContext nearest) = isNearer ? _versions[at] : (_floor, Floor);
        if (_spare.TryPop(out StreamContext? made))
        {
            made.CopyFrom(nearest);
        }
        else
        {
            made = nearest.Clone();
        }

        try
        {
            foreach (ReadOnlyMemory<byte> tail in _tails.Skip((int)(from - _floor)).Take((int)(contextBase - from)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                made.Absorb(tail.Span); // spec 5.5-1
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private void Append(ReadOnlyMemory<byte> tail)
    {
        _tails.Enqueue(tail);
        _tailsCost += Cost(tail);
        FirstMissing++;
        while (_tailsCost > ContextLimits.Span)
        {
            // spec 5.5-4: nobody names what lies so far back for the first time.
            ReadOnlyMemory<byte> oldest = _tails.Dequeue();
            _tailsCost -= Cost(oldest);
            Floor.Absorb(oldest.Span);
            _floor++;
        }
    }

    private void Raise(ulong floor, StreamContext context)
    {
        if (floor <= _floor)
        {
            return;
        }

        for (; _floor < floor; _floor++)
        {
            _tailsCost -= Cost(_tails.Dequeue());
        }

        Floor.CopyFrom(context);
    }

    private void GiveUp()
    {
        _hasGivenUp = true;
        _ahead.Clear();
        _aheadCost = 0;
    }

    private static long Cost(ReadOnlyMemory<byte> tail) => tail.Length + ContextLimits.MessageCost;
}
