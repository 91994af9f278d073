using System.IO.Pipelines;
using LinkCodec.CommandLine;

namespace LinkCodec.Receiver;

/// <summary>A place where messages go.</summary>
internal interface IMessageOutput
{
    /// <summary>Writes a session's messages, to the last one.</summary>
    /// <exception cref="IOException">The messages cannot be written; the sender is told so.</exception>
    Task WriteAsync(LinkReceiver receiver, CancellationToken cancellationToken);
}

/// <summary>
/// Standard output. With a state folder, messages that were written when the process was killed, and not noted yet,
/// come again: what reads them cannot be asked.
/// </summary>
internal sealed class StreamOutput(MessageFormat? format) : IMessageOutput
{
    private readonly PipeWriter _output = PipeWriter.Create(StandardStreams.OpenOutput());

    public async Task WriteAsync(LinkReceiver receiver, CancellationToken cancellationToken)
    {
        await receiver.ReceiveAllAsync(_output, format, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }
}
