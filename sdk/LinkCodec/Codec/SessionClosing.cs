using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Transport;

namespace LinkCodec;

/// <summary>What both ends do and say when a session ends before its time.</summary>
internal static class SessionClosing
{
    /// <summary>What a sender says whose receiver has told that it does not know the session.</summary>
    public const string ForgottenByReceiver =
        "the receiver does not know this session any more: it was started anew, or another sender took over; what it had not given out is lost";

    /// <summary>Tells the peer without waiting for anything, not even for its turn at the link's rate.</summary>
    public static async Task SayAsync(LiveSession session, IDatagramTransport transport, Timestamp now, LinkErrorCode code, string text = "")
    {
        session.Leave(code, now, text);
        byte[] datagram = new byte[session.MaxDatagramSize];
        try
        {
            while (session.TryTransmit(datagram, Timestamp.Never, out int length))
            {
                await transport.SendAsync(datagram.AsMemory(0, length)).ConfigureAwait(false);
            }
        }
        catch (LinkException)
        {
            // The transport has failed too; the peer's time-out will tell it.
        }
    }

    /// <summary>One line for a person. The peer's own words are shown as its words.</summary>
    public static string Describe(SessionEvent closing)
    {
        if (closing.Text == ForgottenByReceiver && !closing.ByPeer)
        {
            return ForgottenByReceiver;
        }

        string what = closing.Error switch
        {
            LinkErrorCode.Closed => "closed the link before everything was through",
            LinkErrorCode.Canceled => "ended the link",
            LinkErrorCode.TimedOut => "gave up: nothing was heard from the other end",
            _ => $"ended the link: {closing.Error}",
        };
        string who = closing.ByPeer ? "The peer" : "This end";
        return string.IsNullOrEmpty(closing.Text) ? $"{who} {what}." : $"{who} {what} (\"{PlainText.Of(closing.Text)}\").";
    }
}
