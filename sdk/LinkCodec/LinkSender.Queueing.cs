using System.IO.Pipelines;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;
using LinkCodec.Streams;

namespace LinkCodec;

// How messages come into the queue of a session.
public sealed partial class LinkSender
{
    private async Task WhileOpenAsync(Task sending)
    {
        if (await Task.WhenAny(sending, Session.Run.Completion).ConfigureAwait(false) == Session.Run.Completion
            && !sending.IsCompleted)
        {
            // The link is over: nobody waits for a message that may come in hours. What is read by then is of no use
            // any more.
            _ = sending.ContinueWith(t => t.Exception, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await Session.Run.Completion.ConfigureAwait(false); // Throws why.
            throw Session.Run.With(_ => Session.Ending());
        }

        await sending.ConfigureAwait(false);
    }

    private async Task SendSegmentsAsync(PipeReader input, PcmSegments segments, CancellationToken cancellationToken)
    {
        bool isBegun = false;
        await foreach (byte[] segment in segments.ReadAsync(input, cancellationToken).ConfigureAwait(false))
        {
            if (!isBegun)
            {
                // The layout leaves before the first message. That was read to its end just now.
                isBegun = true;
                DateTimeOffset began = _options.TimeProvider.GetUtcNow() - segments.Length;
                SoundClock clock = new((ulong)Math.Max(0, began.ToUnixTimeMilliseconds()),
                    (ulong)segments.Length.TotalMicroseconds);
                Session.SendControl((new StreamLayout(MessageFormat.Whole) { Clock = clock }).ToControl());
            }

            byte[] carried = segments.Carry(segment);
            Interlocked.Add(ref _spared, carried.Length - segment.Length);
            await QueueCarriedAsync([carried], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendEachAsync(PipeReader input, MessageFormat format, CancellationToken cancellationToken)
    {
        // The layout leaves before the first message.
        Session.SendControl(new StreamLayout(format).ToControl());
        bool isOpen = false;
        await foreach (IReadOnlyList<ReadOnlyMemory<byte>> batch in MessageStreamReader.ReadBatchesAsync(
            input, format, rest => isOpen = rest && format != MessageFormat.Whole, _options.MaxMessageSize,
            cancellationToken).ConfigureAwait(false))
        {
            if (isOpen)
            {
                // The other end writes a message out with its terminator as soon as it is there: so it must know before
                // that this one has none.
                await SendTailAsync(format, cancellationToken).ConfigureAwait(false);
            }

            await QueueAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    private void RequireFit(ReadOnlyMemory<byte> message)
    {
        if (message.Length > _options.MaxMessageSize)
        {
            throw new LinkException(
                LinkErrorCode.LimitExceeded,
                $"A message of {message.Length} bytes; the options allow {_options.MaxMessageSize}.");
        }
    }

    private ValueTask QueueAsync(IReadOnlyList<ReadOnlyMemory<byte>> given, CancellationToken cancellationToken) =>
        QueueCarriedAsync([.. given.Select(Carry)], cancellationToken);

    private ValueTask QueueCarriedAsync(ReadOnlyMemory<byte>[] messages, CancellationToken cancellationToken) =>
        Session.QueueAsync(messages, ThrowIfCompleted, cancellationToken);

    private ReadOnlyMemory<byte> Carry(ReadOnlyMemory<byte> message)
    {
        ReadOnlyMemory<byte> carried = MediaMessage.Carry(message, _options.Media ?? MediaMessage.AsItIs);
        bool isLarge = carried.Length > _options.MaxMessageSize; // What was stored is sent in any case.
        if (isLarge || carried.Length != message.Length
            && !MediaPace.Pays(message, carried, _options, isFile: !Session.Transport.HasReturnPath))
        {
            carried = MediaMessage.Carry(message, MediaMessage.AsItIs);
        }

        RequireFit(carried);
        Interlocked.Add(ref _spared, carried.Length - message.Length);
        return carried;
    }

    private async Task SendTailAsync(MessageFormat format, CancellationToken cancellationToken)
    {
        ulong number = Session.Run.With(_ => Session.Stream.NextNumber);
        Session.SendControl(new StreamLayout(format, number).ToControl());
        await Session.WhenControlsLeftAsync(cancellationToken).ConfigureAwait(false);
    }

    // In the driver's turn.
    private void ThrowIfFull(bool refuses)
    {
        if (refuses && !Session.Stream.HasRoom && Session.Stream.Closing is null)
        {
            throw new LinkQueueFullException("The queue is full: the link has not taken what was sent before.");
        }
    }

    private void ThrowIfCompleted()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_isCompleted)
        {
            throw Session.Ending();
        }
    }
}
