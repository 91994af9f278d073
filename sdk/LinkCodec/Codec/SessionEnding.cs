using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Transport.Files;

namespace LinkCodec.Codec;

/// <summary>Tells an application of a session that ended before its time.</summary>
internal static class SessionEnding
{
    /// <summary>The error that the end is to the application.</summary>
    public static LinkException ToException(SessionEvent closing) => new(closing.Error, Describe(closing));

    // One line for a person. The peer's own words are shown as its words.
    private static string Describe(SessionEvent closing)
    {
        if (closing.Text == SenderEndpoint.ForgottenByReceiver && !closing.ByPeer)
        {
            return SenderEndpoint.ForgottenByReceiver;
        }

        string what = closing.Error switch
        {
            LinkErrorCode.Closed => "closed the link before everything was through",
            LinkErrorCode.Canceled => "ended the link",
            LinkErrorCode.TimedOut => "gave up: nothing was heard from the other end",
            _ => $"ended the link: {closing.Error}",
        };
        string who = closing.ByPeer ? "The peer" : "This end";
        return string.IsNullOrEmpty(closing.Text)
            ? $"{who} {what}."
            : $"{who} {what} (\"{PlainText.Of(closing.Text)}\").";
    }
}
