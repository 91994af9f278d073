using System.Text;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Telemetry;

namespace LinkCodec.Core.Session;

public sealed partial class LiveSession
{
    private const int MaxCloses = 8;
    private const int OneWayCloses = 3;

    private int _closesToSend;
    private int _closesSent;
    private bool _wasCutOff;
    private bool _saysClose;
    private LinkErrorCode _closeCode;
    private byte[] _closeText = [];

    /// <summary>Ends the session and tells the peer why; what was not reported by then is given up. Does nothing on a closed session: the first cause wins.</summary>
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

    private void CloseWith(LinkErrorCode code, string text, bool byPeer, bool tellPeer, Timestamp now)
    {
        if (IsClosed)
        {
            return;
        }

        _wasCutOff = !IsDrained;
        IsClosed = true;
        _closeCode = code;
        _closeText = Cut(text);
        _saysClose = tellPeer;
        _closesToSend = !tellPeer || !_protector.CanSeal ? 0 : _options.HasReturnPath ? 1 : OneWayCloses;
        _window.Dispose();
        Raise(new SessionEvent { Kind = SessionEventKind.Closed, Error = code, Text = text, ByPeer = byPeer });
        Tell(LinkEventKind.SessionClosed, now, (ulong)code);
    }

    /// <summary>The peer did not hear that the session is over: say it again, a few times (spec 4.7-3).</summary>
    private void AnswerAfterClose() =>
        _closesToSend = _saysClose && _protector.CanSeal && _closesSent < MaxCloses ? 1 : _closesToSend;

    private bool TryWriteClose(ref FrameWriter writer)
    {
        if (_closesToSend == 0)
        {
            return false;
        }

        _closesToSend--;
        _closesSent++;
        ReadOnlySpan<byte> text = _closeText.AsSpan();
        return writer.TryWriteClose(_closeCode, text.Length + 3 <= writer.Room ? text : default);
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
