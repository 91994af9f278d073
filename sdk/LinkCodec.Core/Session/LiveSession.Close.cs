using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

internal sealed partial class LiveSession
{
    private CloseExchange? _close;
    private bool _wasCutOff;

    /// <summary>Ends the session and tells the peer why, until it answers; what was not reported by then is given up.
    /// Does nothing on a closed session: the first cause wins.</summary>
    /// <remarks>On a path with a way back the session is to be driven on until <see cref="NextDeadline"/> is
    /// <see cref="Timestamp.Never"/>: then the peer has heard it, or has asked nothing for a time.</remarks>
    /// <param name="code">The reason; <see cref="LinkErrorCode.Closed"/> when done.</param>
    /// <param name="now">The present.</param>
    /// <param name="text">A line for a person at the other end; cut after 64 bytes of UTF-8.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is no error.</exception>
    public void Close(LinkErrorCode code, Timestamp now, string text = "")
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfEqual((int)code, (int)LinkErrorCode.None, nameof(code)); // spec 9.1-1
        CloseWith(code, text, byPeer: false, tellPeer: true, now);
    }

    /// <summary>Ends the session for an end that does not stay to hear whether the peer has heard: CLOSE is to be said
    /// three times at once, and nothing is awaited. Of a session that is closed already the first cause is
    /// said.</summary>
    /// <remarks>Send what <see cref="TryTransmit"/> gives; with <see cref="Timestamp.Never"/> as the present it waits
    /// for no turn at the link's rate. Nothing is said where the peer may not be told: after <see cref="Abandon"/>, or
    /// an idle time-out.</remarks>
    /// <param name="code">The reason.</param>
    /// <param name="now">The present.</param>
    /// <param name="text">A line for a person at the other end; cut after 64 bytes of UTF-8.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is no error.</exception>
    public void Leave(LinkErrorCode code, Timestamp now, string text = "")
    {
        Close(code, now, text);
        _close?.Leave();
    }

    /// <summary>Ends the session without a word to the peer, which does not know it any more.</summary>
    public void Abandon(LinkErrorCode code, Timestamp now, string text)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CloseWith(code, text, byPeer: false, tellPeer: false, now);
    }

    private void CloseWith(LinkErrorCode code, string text, bool byPeer, bool tellPeer, Timestamp now)
    {
        if (IsClosed)
        {
            return;
        }

        _wasCutOff = !IsDrained;
        bool isSilent = !tellPeer || !_protector.CanSeal;
        _close = new CloseExchange(_options, _roundTrip.ProbeTimeout, code, byPeer ? "" : text, byPeer, isSilent, now);
        _window.Clear();
        Raise(new SessionEvent { Kind = SessionEventKind.Closed, Error = code, Text = text, ByPeer = byPeer });
    }
}
