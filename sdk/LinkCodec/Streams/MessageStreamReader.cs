using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Streams;

/// <summary>Cuts a pipe into messages.</summary>
internal static class MessageStreamReader
{
    /// <summary>
    /// Reads messages until the pipe ends, those that come at once together. Each message is a copy that the caller
    /// owns.
    /// </summary>
    /// <param name="input">Read to its end; completing it is left to the caller.</param>
    /// <param name="format">The form in which the messages stand in the stream.</param>
    /// <param name="tail">Told at the end whether the last message lacked its terminator (only lines and records); null
    /// for nobody.</param>
    /// <param name="maxMessageSize">Bytes of a message at most.</param>
    /// <param name="cancellationToken">A token that ends the reading.</param>
    /// <exception cref="LinkException">A message is larger than allowed (<see cref="LinkErrorCode.LimitExceeded"/>), or
    /// the stream ends inside a length or a message (<see cref="LinkErrorCode.Malformed"/>).</exception>
    public static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadBatchesAsync(
        PipeReader input,
        MessageFormat format,
        Action<bool>? tail = null,
        int maxMessageSize = Core.Compression.CompressionLimits.DefaultMessage,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            List<ReadOnlyMemory<byte>> batch = [];
            while (TryCut(ref buffer, format, maxMessageSize, out ReadOnlyMemory<byte> message))
            {
                batch.Add(message);
            }

            if (batch.Count > 0)
            {
                yield return batch;
            }

            bool open = format != MessageFormat.LengthPrefixed && buffer.Length > maxMessageSize;
            if (open)
            {
                throw TooLarge(buffer.Length, maxMessageSize);
            }

            if (read.IsCompleted)
            {
                bool rest = format == MessageFormat.Whole || buffer.Length > 0;
                ReadOnlyMemory<byte> last = rest ? buffer.ToArray() : default;
                input.AdvanceTo(buffer.End);
                if (rest && format == MessageFormat.LengthPrefixed)
                {
                    throw new LinkException(LinkErrorCode.Malformed,
                        "The input ends inside a length-prefixed message.");
                }

                tail?.Invoke(rest);
                if (rest)
                {
                    yield return [last];
                }

                yield break;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The same, message by message.</summary>
    /// <inheritdoc cref="ReadBatchesAsync"/>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(
        PipeReader input,
        MessageFormat format,
        Action<bool>? tail = null,
        int maxMessageSize = Core.Compression.CompressionLimits.DefaultMessage,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (IReadOnlyList<ReadOnlyMemory<byte>> batch in ReadBatchesAsync(input, format, tail,
            maxMessageSize, cancellationToken).ConfigureAwait(false))
        {
            foreach (ReadOnlyMemory<byte> message in batch)
            {
                yield return message;
            }
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> buffer, MessageFormat format, int max,
        out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (format == MessageFormat.Whole)
        {
            return false;
        }

        if (format == MessageFormat.LengthPrefixed)
        {
            return TryCutPrefixed(ref buffer, max, out message);
        }

        SequencePosition? end = buffer.PositionOf(format == MessageFormat.Lines ? (byte)'\n' : (byte)0x1E);
        if (end is not { } at)
        {
            return false;
        }

        ReadOnlySequence<byte> found = buffer.Slice(0, at);
        if (found.Length > max)
        {
            throw TooLarge(found.Length, max);
        }

        message = found.ToArray();
        buffer = buffer.Slice(buffer.GetPosition(1, at));
        return true;
    }

    private static bool TryCutPrefixed(ref ReadOnlySequence<byte> buffer, int max, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (buffer.Length < 4)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[4];
        buffer.Slice(0, 4).CopyTo(prefix);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length > max)
        {
            throw TooLarge(length, max);
        }

        if (buffer.Length < 4 + (long)length)
        {
            return false;
        }

        message = buffer.Slice(4, length).ToArray();
        buffer = buffer.Slice(4 + (long)length);
        return true;
    }

    private static LinkException TooLarge(long size, int max) =>
        new(LinkErrorCode.LimitExceeded, $"A message has {size} bytes or more; at most {max} are allowed.");
}
