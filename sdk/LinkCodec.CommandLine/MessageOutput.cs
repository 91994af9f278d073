using System.IO.Pipelines;

namespace LinkCodec.CommandLine;

/// <summary>Restores a stream from its messages: the terminator is written before the next message, so that an open tail stays open.</summary>
public sealed class MessageOutput : IAsyncDisposable
{
    private readonly PipeWriter _writer;
    private readonly List<ReadOnlyMemory<byte>> _early = [];
    private MessageStreamWriter? _stream;
    private MessageFormat _format;
    private ReadOnlyMemory<byte>? _held;

    /// <summary>Writes to a stream, which is disposed at the end.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="format">How the messages are to stand, or null to take the sender's word.</param>
    public MessageOutput(Stream output, MessageFormat? format)
    {
        _writer = PipeWriter.Create(output);
        if (format is { } known)
        {
            Begin(known);
        }
    }

    /// <summary>Messages written.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a message; the layout may come later, then early messages wait for it.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> message, StreamLayout? layout, CancellationToken cancellationToken)
    {
        if (_stream is null && layout is not null)
        {
            Begin(layout.Format);
            await FlushEarlyAsync(cancellationToken).ConfigureAwait(false);
        }

        Count++;
        if (_stream is null)
        {
            _early.Add(message);
            return;
        }

        await WriteHeldAsync(terminate: true, cancellationToken).ConfigureAwait(false);
        _held = message;
    }

    /// <summary>Writes what is left.</summary>
    /// <param name="layout">The sender's last word, or null if it is lost: then lines with a last newline are taken.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async ValueTask CompleteAsync(StreamLayout? layout, CancellationToken cancellationToken)
    {
        if (_stream is null)
        {
            Begin(layout?.Format ?? MessageFormat.Lines);
            await FlushEarlyAsync(cancellationToken).ConfigureAwait(false);
        }

        bool open = layout is { HasOpenTail: true } && layout.Format == _format;
        await WriteHeldAsync(terminate: !open, cancellationToken).ConfigureAwait(false);
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.CompleteAsync();

    private void Begin(MessageFormat format)
    {
        _format = format;
        _stream = new MessageStreamWriter(_writer, format);
    }

    private async ValueTask FlushEarlyAsync(CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> message in _early)
        {
            await WriteHeldAsync(terminate: true, cancellationToken).ConfigureAwait(false);
            _held = message;
        }

        _early.Clear();
    }

    private async ValueTask WriteHeldAsync(bool terminate, CancellationToken cancellationToken)
    {
        if (_held is { } message)
        {
            _held = null;
            await _stream!.WriteAsync(message, terminate, cancellationToken).ConfigureAwait(false);
        }
    }
}
