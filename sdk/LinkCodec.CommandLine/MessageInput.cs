using System.IO.Pipelines;

namespace LinkCodec.CommandLine;

/// <summary>Sends a stream so that the other end can restore it byte for byte: the counterpart of <see cref="MessageOutput"/>.</summary>
public static class MessageInput
{
    /// <summary>Sends every message of a stream, its layout before and after, and waits until all of it is through.</summary>
    public static async Task SendAsync(LinkSender sender, PipeReader reader, MessageFormat format, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sender);
        sender.Begin(new StreamLayout(format, HasOpenTail: false));
        bool tail = await sender.SendAllAsync(reader, format, cancellationToken).ConfigureAwait(false);
        await sender.CompleteAsync(new StreamLayout(format, tail), cancellationToken).ConfigureAwait(false);
    }
}
