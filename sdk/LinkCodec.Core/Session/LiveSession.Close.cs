using System.Text;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Telemetry;

namespace LinkCodec.Core.Session;

public sealed partial class LiveSession
{
    private const int MaxUnaskedCloses = 8;
    private const int OneWayCloses = 3;
    private static readonly TimeSpan MinCloseWait = TimeSpan.FromMilliseconds(500);

    // A peer asks every ten seconds, or more seldom where its datagrams take long: then the intervals say so. They grow by a quarter, and 1 + 1.25 is
    // below 3, so that one question may be lost without the silence being taken for the end.
    private static readonly TimeSpan Question = TimeSpan.FromSeconds(12);
    private const int Intervals = 3;

    private int _closesToSend;
    private int _closesSent;
    private bool _wasCutOff;
    private bool _wasClosedByPeer;
    private bool _awaitsPeerClose;
    private bool _saysClose;
    private TimeSpan _longestSilence;
    private TimeSpan _closeWait;
    private Timestamp _closeSentAt;
    private Timestamp _closeAgainAt = Timestamp.Never;
    private LinkErrorCode _closeCode;
    private byte[] _closeText = [];

    private TimeSpan FirstCloseWait => _roundTrip.ProbeTimeout > MinCloseWait ? _roundTrip.ProbeTimeout : MinCloseWait;

    /// <summary>When an end that closed gives up waiting for the peer to say that it heard.</summary>
    private Timestamp LingersUntil
    {
        get
        {
            TimeSpan least = Question + (4 * _options.OneWayDelay);
            TimeSpan silence = Intervals * _longestSilence;
            return _awaitsPeerClose ? _lastHeard + (silence > least ? silence : least) : Timestamp.Never;
        }
    }

    /// <summary>Ends the session and tells the peer why, until it answers; what was not reported by then is given up. Does nothing on a closed session: the first cause wins.</summary>
    /// <remarks>On a path with a way back the session is to be driven on until <see cref="NextDeadline"/> is <see cref="Timestamp.Never"/>: then the peer has heard it, or has
    /// asked nothing for a time.</remarks>
    /// <param name="code">Why; <see cref="LinkErrorCode.Closed"/> when done.</param>
    /// <param name="now">The present.</param>
    /// <param name="text">A line for a person at the other end; cut after 64 bytes of UTF-8.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is no error.</exception>
    public void Close(LinkErrorCode code, Timestamp now, string text = "")
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfEqual((int)code, (int)LinkErrorCode.None, nameof(code)); // spec 9.1-1
        CloseWith(code, text, byPeer: false, tellPeer: true, now);
    }

    /// <summary>Ends the session without a word to the peer, which does not know it any more.</summary>
    public void Abandon(LinkErrorCode code, Timestamp now, string text)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CloseWith(code, text, byPeer: false, tellPeer: false, now);
    }

    /// <summary>Says CLOSE once more, though it is not due: for an end that does not stay to hear whether the peer has heard.</summary>
    public void RepeatClose() => _closesToSend = _saysClose ? Math.Max(1, _closesToSend) : 0;

    private void CloseWith(LinkErrorCode code, string text, bool byPeer, bool tellPeer, Timestamp now)
    {
        if (IsClosed)
        {
            return;
        }

        _wasCutOff = !IsDrained;
        IsClosed = true;
        _closeCode = code;
        _closeText = byPeer ? [] : Cut(text);
        _wasClosedByPeer = byPeer;
        _saysClose = tellPeer && _protector.CanSeal;
        _awaitsPeerClose = _saysClose && !byPeer && _options.HasReturnPath;
        _closesToSend = !_saysClose ? 0 : _options.HasReturnPath ? 1 : OneWayCloses;
        _closeWait = FirstCloseWait;
        _lastHeard = now;
        _window.Dispose();
        Raise(new SessionEvent { Kind = SessionEventKind.Closed, Error = code, Text = text, ByPeer = byPeer });
        Tell(LinkEventKind.SessionClosed, now, (ulong)code);
    }

    /// <summary>A peer that goes on did not hear that the session is over; one that says CLOSE did, or did not hear that this end has heard it (spec 4.7-3, 4.7-4).</summary>
    private void OnSegmentAfterClose(ReadOnlySpan<byte> plaintext, Timestamp now)
    {
        _longestSilence = now - _lastHeard > _longestSilence ? now - _lastHeard : _longestSilence;
        _lastHeard = now;
        bool saysClose = SaysClose(plaintext);
        _awaitsPeerClose &= !saysClose;
        _closeAgainAt = _awaitsPeerClose ? _closeAgainAt : Timestamp.Never;
        bool isDue = _closesSent == 0 || _closeSentAt + FirstCloseWait <= now;
        if (_saysClose && isDue && (!saysClose || _wasClosedByPeer))
        {
            _closesToSend = 1;
        }
    }

    private void OnTimeoutAfterClose(Timestamp now)
    {
        if (LingersUntil <= now)
        {
            _awaitsPeerClose = false;
            _closeAgainAt = Timestamp.Never;
        }
        else if (_awaitsPeerClose && _closeAgainAt <= now)
        {
            _closesToSend = 1; // spec 4.7-3
            _closeAgainAt = Timestamp.Never;
        }
    }

    private bool TryWriteClose(ref FrameWriter writer, Timestamp now)
    {
        if (_closesToSend == 0)
        {
            return false;
        }

        _closesToSend--;
        _closesSent++;
        _closeSentAt = now;
        bool goesOn = _awaitsPeerClose && _closesSent < MaxUnaskedCloses;
        _closeAgainAt = goesOn ? now + _closeWait : Timestamp.Never;
        _closeWait += goesOn ? _closeWait / 4 : TimeSpan.Zero;
        ReadOnlySpan<byte> text = _closeText.AsSpan();
        return writer.TryWriteClose(_closeCode, text.Length + 3 <= writer.Room ? text : default);
    }

    private static bool SaysClose(ReadOnlySpan<byte> plaintext)
    {
        FrameReader reader = new(plaintext);
        while (reader.TryRead(out Frame frame))
        {
            if (frame.Type == FrameType.Close)
            {
                return true;
            }
        }

        return false;
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
