using System.Buffers;
using System.IO.Pipelines;

namespace LinkCodec.Tests.Transport;

/// <summary>Gives a file's bytes a few at a time and in segments of that size, as a slow pipe would.</summary>
internal sealed class ChunkedPipe(byte[] file, int chunk) : PipeReader
{
    private int _start;
    private int _seen;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _seen = Math.Min(file.Length, _seen + chunk);
        Segment first = new(file.AsMemory(_start, Math.Min(chunk, _seen - _start)), _start);
        Segment last = first;
        for (int at = _start + first.Memory.Length; at < _seen; at += chunk)
        {
            last = last.Append(file.AsMemory(at, Math.Min(chunk, _seen - at)));
        }

        return ValueTask.FromResult(new ReadResult(
            new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length), isCanceled: false,
            isCompleted: _seen == file.Length));
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        _start = (int)((Segment)consumed.GetObject()!).RunningIndex + consumed.GetInteger();

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
