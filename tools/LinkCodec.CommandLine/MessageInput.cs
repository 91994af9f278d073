using System.IO.Pipelines;
using LinkCodec.Media;

namespace LinkCodec.CommandLine;

/// <summary>Sends a stream of messages to its end.</summary>
public static class MessageInput
{
    /// <summary>Sends every message of a stream and waits until all of it is through.</summary>
    public static async Task SendAsync(LinkSender sender, PipeReader reader, MessageFormat format,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sender);
        await sender.SendAllAsync(reader, format, cancellationToken).ConfigureAwait(false);
        await sender.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends sound as it comes, to its end, and waits until all of it is through.</summary>
    public static async Task SendSoundAsync(LinkSender sender, PipeReader reader, PcmFormat format, TimeSpan segment,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sender);
        await sender.SendSoundAsync(reader, format, segment, cancellationToken).ConfigureAwait(false);
        await sender.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
