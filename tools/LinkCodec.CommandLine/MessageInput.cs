using System.IO.Pipelines;

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
}
