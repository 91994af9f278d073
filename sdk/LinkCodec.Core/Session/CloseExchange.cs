using System.Text;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>The exchange that an end has with its peer once the session is closed (spec 4.7-3, 4.7-4).</summary>
internal sealed class CloseExchange
{
    private const int MaxUnasked = 8;

    // Where no answer is awaited, CLOSE is said this often: one or two may be lost.
    private const int UnansweredSends = 3;
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(500);

    // A peer asks every ten seconds, or more seldom where its datagrams take long: then the intervals say so. They grow
    // by a quarter, and 1 + 1.25 is below 3, so that one question may be lost without the silence being taken for the
    // end.
    private static readonly TimeSpan Question = TimeSpan.FromSeconds(12);
    private const int Intervals = 3;

    private readonly SessionOptions _options;
    private readonly TimeSpan _firstWait;
    private readonly LinkErrorCode _code;
    private readonly byte[] _text;
    private readonly bool _isAnswer;
    private readonly bool _isSilent;
    private bool _awaitsPeer;
    private int _toSend;
    private int _sent;
    private TimeSpan _wait;
    private TimeSpan _longestSilence;
    private Timestamp _lastHeard;
    private Timestamp _sentAt;
    private Timestamp _againAt = Timestamp.Never;

    /// <summary>The session closes.</summary>
    /// <param name="options">The options of the session.</param>
    /// <param name="probeTimeout">The time that the session would have waited before a probe.</param>
    /// <param name="code">The reason of the close.</param>
    /// <param name="text">A line for a person at the other end; cut after 64 bytes of UTF-8.</param>
    /// <param name="isAnswer">Whether the peer has said CLOSE.</param>
    /// <param name="isSilent">Whether the peer is told nothing.</param>
    /// <param name="now">The present.</param>
    public CloseExchange(
        SessionOptions options,
        TimeSpan probeTimeout,
        LinkErrorCode code,
        string text,
        bool isAnswer,
        bool isSilent,
        Timestamp now)
    {
        (_options, _code, _text) = (options, code, Cut(text));
        (_isAnswer, _isSilent, _lastHeard) = (isAnswer, isSilent, now);
        _firstWait = _wait = probeTimeout > MinWait ? probeTimeout : MinWait;
        _awaitsPeer = !isSilent && !isAnswer && options.HasReturnPath;
        _toSend = isSilent ? 0 : options.HasReturnPath ? 1 : UnansweredSends;
    }

    /// <summary>Whether a CLOSE is to be sent.</summary>
    public bool IsPending => _toSend > 0;

    /// <summary>
    /// The instant to call <see cref="OnTimeout"/> at; <see cref="Timestamp.Never"/> once nothing is awaited.
    /// </summary>
    public Timestamp Deadline => Timestamp.Min(_againAt, LingersUntil);

    /// <summary>The instant at which this end gives up waiting for the peer to say that it heard.</summary>
    private Timestamp LingersUntil
    {
        get
        {
            TimeSpan least = Question + (4 * _options.OneWayDelay);
            TimeSpan silence = Intervals * _longestSilence;
            return _awaitsPeer ? _lastHeard + (silence > least ? silence : least) : Timestamp.Never;
        }
    }

    /// <summary>Says CLOSE as often as where no answer is awaited, and awaits none any more.</summary>
    public void Leave()
    {
        _toSend = _isSilent ? 0 : UnansweredSends;
        StopWaiting();
    }

    /// <summary>A segment of the peer was opened. A peer that goes on did not hear that the session is over; one that
    /// says CLOSE did, or did not hear that this end has heard it.</summary>
    public void OnSegment(bool saysClose, Timestamp now)
    {
        _longestSilence = now - _lastHeard > _longestSilence ? now - _lastHeard : _longestSilence;
        _lastHeard = now;
        _awaitsPeer &= !saysClose;
        _againAt = _awaitsPeer ? _againAt : Timestamp.Never;
        bool isDue = _sent == 0 || _sentAt + _firstWait <= now;
        if (!_isSilent && isDue && (!saysClose || _isAnswer))
        {
            _toSend = 1;
        }
    }

    /// <summary>Does what is due.</summary>
    public void OnTimeout(Timestamp now)
    {
        if (LingersUntil <= now)
        {
            StopWaiting();
        }
        else if (_awaitsPeer && _againAt <= now)
        {
            _toSend = 1; // spec 4.7-3
            _againAt = Timestamp.Never;
        }
    }

    /// <summary>Writes the CLOSE that is to be sent; false when there is none.</summary>
    public bool TryWrite(ref FrameWriter writer, Timestamp now)
    {
        if (_toSend == 0)
        {
            return false;
        }

        _toSend--;
        _sent++;
        _sentAt = now;
        bool goesOn = _awaitsPeer && _sent < MaxUnasked;
        _againAt = goesOn ? now + _wait : Timestamp.Never;
        _wait += goesOn ? _wait / 4 : TimeSpan.Zero;
        ReadOnlySpan<byte> text = _text.AsSpan();
        return writer.TryWriteClose(_code, text.Length + 3 <= writer.Room ? text : default);
    }

    private void StopWaiting()
    {
        _awaitsPeer = false;
        _againAt = Timestamp.Never;
    }

    private static byte[] Cut(string text)
    {
        Span<byte> bytes = stackalloc byte[FrameLimits.MaxCloseText];
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!rune.TryEncodeToUtf8(bytes[length..], out int written))
            {
                break;
            }

            length += written;
        }

        return bytes[..length].ToArray();
    }
}
