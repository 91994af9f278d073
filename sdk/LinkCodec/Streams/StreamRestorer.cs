using System.IO.Pipelines;
using LinkCodec.Core.Compression;

namespace LinkCodec.Streams;

/// <summary>Restores a stream from its messages, each written as soon as it is there, with its terminator.</summary>
/// <param name="output">The writer that the bytes go to.</param>
/// <param name="format">The form in which the messages are to stand.</param>
internal sealed class StreamRestorer(PipeWriter output, MessageFormat format)
{
    private const int FlushAt = 1 << 16;

    private readonly MessageStreamWriter _stream = new(output, format);
    // The last message of a sender that says only with it whether it has a terminator.
    private ReadOnlyMemory<byte>? _held;
    private int _unflushed;

    /// <summary>Writes a message.</summary>
    /// <param name="message">The next one.</param>
    /// <param name="layout">The layout as the sender has told it so far; null for nothing.</param>
    /// <param name="flush">Whether none follows at once: then the bytes leave now.</param>
    /// <param name="cancellationToken">A token that stops the writing.</param>
    public async ValueTask WriteAsync(ReceivedMessage message, StreamLayout? layout, bool flush,
        CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? next = message.Content;
        if (layout is { IsNamedAhead: false })
        {
            (next, _held) = (_held, next);
        }

        if (next is { } content)
        {
            _stream.Write(content.Span, terminate: layout?.IsOpen(message.Number) != true || layout.Format != format);
            _unflushed += content.Length + 1;
        }

        if (flush || _unflushed >= FlushAt)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what was held.</summary>
    public async ValueTask CompleteAsync(StreamLayout? layout, CancellationToken cancellationToken)
    {
        if (_held is { } last)
        {
            _stream.Write(last.Span, terminate: layout is not { HasClosingTail: true } || layout.Format != format);
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _unflushed = 0;
        FlushResult result = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCompleted)
        {
            throw new IOException("The reader of the messages has gone.");
        }
    }
}
