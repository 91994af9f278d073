using System.IO.Pipelines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;

namespace LinkCodec.Sender;

/// <summary>Where the messages come from.</summary>
/// <param name="path">The file, or - for standard input.</param>
/// <param name="format">The form in which messages stand in it.</param>
/// <param name="sound">What its samples are; null where it is no live sound.</param>
/// <param name="segment">The length of a segment of live sound at most.</param>
internal sealed class MessageSource(string path, MessageFormat format, PcmFormat? sound, TimeSpan segment)
{
    public string Path => path;

    /// <summary>Whether a state folder keeps how far the input was read.</summary>
    public bool IsKept { get; init; }

    /// <summary>Sends everything, and waits until it is through.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="input">The opened input.</param>
    /// <param name="error">Where lines for people go.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    public async Task SendAsync(LinkSender sender, Stream input, TextWriter error, CancellationToken cancellationToken)
    {
        if (IsKept)
        {
            await SendKeptAsync(sender, error, cancellationToken);
            return;
        }

        PipeReader reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        await (sound is { } live
            ? MessageInput.SendSoundAsync(sender, reader, live, segment, cancellationToken)
            : MessageInput.SendAsync(sender, reader, format, cancellationToken));
    }

    private async Task SendKeptAsync(LinkSender sender, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            long known = await sender.SendFileAsync(path, format, cancellationToken);
            if (known > 0)
            {
                CommandHost.Say(error, FormattableString.Invariant($"'{path}': {known} bytes were queued before"));
            }

            await sender.CompleteAsync(cancellationToken);
        }
        catch (LinkException e) when (e.Code == LinkErrorCode.TimedOut)
        {
            LinkReceipts receipts = sender.Receipts;
            throw new LinkException(e.Code, FormattableString.Invariant(
                $"{e.Message} {receipts.Stored - receipts.Delivered} messages are stored for the next run."), e);
        }
    }
}
