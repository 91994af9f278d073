using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Media;

namespace LinkCodec.State;

// What a session has from those before it, and notes for the next one.
internal sealed partial class SessionRun
{
    // A message that is carried otherwise than before differs from its first bytes on.
    private const int MostChecked = 4096;

    private ulong _from; // The number in the queue of the first message that is sent before the receiver has answered.
    private int _begunBytes; // Bytes of it that were reported in an earlier session.
    private int _begunLength;

    // Where the earlier sessions' reports end: from there on is sent at once, and what the receiver turns out to lack
    // before that when it has answered.
    private BegunPart? FindBegun()
    {
        (ulong number, ulong bytes) = state.Reported;
        if (number < _first || number > state.Stored || !IsPlain(number))
        {
            return null;
        }

        _from = number;
        if (bytes == 0 || !state.ReadFrom(number).TryNext(out QueuedMessage message))
        {
            return null;
        }

        ReadOnlySpan<byte> carried = carry(message.Content).Span;
        if (bytes >= (ulong)carried.Length || CarriedForm.IsMarked(carried))
        {
            return null;
        }

        (_begunBytes, _begunLength) = ((int)bytes, carried.Length);
        int check = Math.Min(_begunBytes, MostChecked);
        return new BegunPart(number, (ulong)check, RecordBuffer.Crc32C(0, carried[..check])); // spec 4.8-9
    }

    // Whether nothing is to be told of the messages that are left out at first.
    private bool IsPlain(ulong end)
    {
        MessageFormat? format = null;
        QueueCursor cursor = state.ReadFrom(_first);
        while (cursor.Next < end && cursor.TryNext(out QueuedMessage message))
        {
            MessageFormat? own = QueuedInput.FormatOf(message.Form);
            if (message.Form is InputForm.OpenLine or InputForm.OpenRecord || (format is not null && own != format))
            {
                return false;
            }

            format = own;
        }

        return format is null || !cursor.TryNext(out QueuedMessage next)
            || QueuedInput.FormatOf(next.Form) == format;
    }

    // Once the receiver has told what it has: sends what it lacks of that which was reported.
    private async Task FillAsync(CancellationToken cancellationToken)
    {
        (ulong delivered, ulong held) = ((Beginning)await session.Run.WhenAsync(
            _ => session.Stream.Told is { } told ? new Beginning(told) : null, cancellationToken)
            .ConfigureAwait(false)).Told;
        if (delivered < _first || delivered > _from)
        {
            return; // It has all of it, or what it says is refused elsewhere.
        }

        QueueCursor cursor = state.ReadFrom(delivered);
        while (cursor.Next < _from)
        {
            List<QueuedMessage> batch = ReadBatch(cursor, _from);
            OutgoingMessage[] lacking = [.. batch.Select(
                message => new OutgoingMessage(message.Number - _first, carry(message.Content)))];
            session.Run.Do(_ => session.Stream.AddEarlier(lacking));
        }

        if (_begunBytes == 0 || !cursor.TryNext(out QueuedMessage begun))
        {
            return;
        }

        ReadOnlyMemory<byte> carried = carry(begun.Content);
        int there = delivered == _from ? (int)Math.Min(held, (ulong)_begunLength) : 0;
        OutgoingMessage[] missing = there < _begunBytes
            ? [new OutgoingMessage(_from - _first, carried, there, carried.Length - _begunBytes)]
            : [];
        session.Run.Do(_ =>
        {
            session.Stream.PassOver(delivered - _first, there, _begunLength);
            session.Stream.AddEarlier(missing);
        });
    }

    // The form of the first message of all, where nothing else is told of it.
    private MessageFormat? FirstFormat() =>
        state.ReadFrom(_first).TryNext(out QueuedMessage message) ? QueuedInput.FormatOf(message.Form) : null;

    // Notes what is reported, for the next session.
    private async Task NoteAsync(Task filled, CancellationToken cancellationToken)
    {
        await filled.ConfigureAwait(false);
        (ulong Messages, int Bytes) noted = default;
        while (true)
        {
            noted = ((Progress)await session.Run.WhenAsync(
                _ => session.Stream.Progress is { } now && (now.Messages, now.Bytes) != noted
                    ? new Progress((now.Messages, now.Bytes))
                    : null,
                cancellationToken).ConfigureAwait(false)).Reported;
            await state.ReportAsync(_first + noted.Messages, (ulong)noted.Bytes).ConfigureAwait(false);
        }
    }

    // What the next session resumes this one by: both ends have it, or neither uses it. spec 4.8-10
    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        await session.Run.WhenAsync(_ => session.MayBeResumed ? session : null, cancellationToken)
            .ConfigureAwait(false);
        await Task.Run(() => session.KeepResumption(state.Resumptions), CancellationToken.None).ConfigureAwait(false);
    }

    private sealed record Beginning((ulong Delivered, ulong Held) Told);

    private sealed record Progress((ulong Messages, int Bytes) Reported);
}
