using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Session;

internal sealed partial class LiveSession
{
    // The wait for an answer takes one interval, and two where a datagram was lost; beyond that nobody may be there.
    private const int EarlyIntervals = 2;
    private const int LeastEarlyDatagrams = 8;
    private const int EarlyDatagramsWithoutRate = 256;

    private long _earlyBytesLeft = long.MaxValue;

    /// <summary>Starts a session as the initiator that resumes one: segments leave before it is answered.</summary>
    /// <param name="options">The options of the session.</param>
    /// <param name="early">The key of those segments; the session takes it.</param>
    /// <param name="now">The present.</param>
    public LiveSession(SessionOptions options, EarlyKeys early, Timestamp now)
        : this(options, new KeyedProtector(early ?? throw new ArgumentNullException(nameof(early)),
            options.OneWayDelay), now)
    {
        IsEarly = true;
        long datagrams = options.Rate.IsUnlimited ? EarlyDatagramsWithoutRate : LeastEarlyDatagrams;
        double seconds = EarlyIntervals * HandshakeOptions.IntervalFor(options.OneWayDelay).TotalSeconds;
        _earlyBytesLeft = (datagrams * options.MaxDatagramSize)
            + (options.Rate.IsUnlimited ? 0 : (long)(seconds * options.Rate.BitsPerSecond / 8));
    }

    /// <summary>Whether this end has not been answered yet.</summary>
    public bool IsEarly { get; private set; }

    /// <summary>Whether the peer has shown that it has the session's own keys; always true of a session that was not
    /// resumed.</summary>
    public bool PeerHasKeys => _protector.HasOpenedOwn;

    // spec 2.8-9: what is sent into the dark is bounded.
    private bool IsSilent => IsEarly && _earlyBytesLeft <= 0;

    /// <summary>The answer has come: goes on under the keys of the handshake.</summary>
    /// <param name="keys">The keys; the session takes them.</param>
    /// <param name="now">The present.</param>
    public void Confirm(EstablishedKeys keys, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ulong next = _protector.NextCounter;
        _protector.Confirm(keys);
        IsEarly = false;
        _lastHeard = now;
        if (keys.TakesEarly || next == 0)
        {
            return;
        }

        // spec 2.8-6: the peer opens none of the early segments. To all the rest, they are segments that were lost.
        for (ulong counter = _sent.Oldest; counter < next; counter++)
        {
            ref SentRecord record = ref _sent[counter];
            if (record.Counter == counter && record.State == SentState.UnderWay)
            {
                OnLost(ref record);
            }
        }

        (_anyReported, _largestReported) = (true, next - 1);
    }
}
