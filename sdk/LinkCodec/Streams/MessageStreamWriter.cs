using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace LinkCodec.Streams;

/// <summary>Writes messages into a pipe, the inverse of <see cref="MessageStreamReader"/>.</summary>
/// <param name="output">The writer that the bytes go to; completing it is left to the caller.</param>
/// <param name="format">The form in which the messages stand in the stream.</param>
internal sealed class MessageStreamWriter(PipeWriter output, MessageFormat format)
{
    /// <summary>Writes one message, its terminator with it, and waits until the pipe has room again.</summary>
    /// <param name="message">The message's bytes.</param>
    /// <param name="terminate">False to leave out the newline or record separator, after the last message of a stream
    /// that had none.</param>
    /// <param name="cancellationToken">A token that ends the waiting.</param>
    /// <returns>False when the reader of the pipe has gone.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> message, bool terminate = true,
        CancellationToken cancellationToken = default)
    {
        Write(message.Span, terminate);
        return !(await output.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted;
    }

    /// <summary>Writes one message without flushing the pipe.</summary>
    internal void Write(ReadOnlySpan<byte> message, bool terminate)
    {
        if (format == MessageFormat.LengthPrefixed)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), (uint)message.Length);
            output.Advance(4);
        }

        output.Write(message);
        if (terminate && format is (MessageFormat.Lines or MessageFormat.RecordSeparated))
        {
            output.GetSpan(1)[0] = format == MessageFormat.Lines ? (byte)'\n' : (byte)0x1E;
            output.Advance(1);
        }
    }
}
