namespace LinkCodec.State;

/// <summary>A message of a sender's queue.</summary>
/// <param name="Number">Its number in the queue.</param>
/// <param name="Form">How it stood in the input.</param>
/// <param name="Content">Its bytes.</param>
internal readonly record struct QueuedMessage(ulong Number, InputForm Form, byte[] Content);

/// <summary>Reads a sender's queue in its order, as far as it is stored. Not thread-safe.</summary>
internal sealed class QueueCursor
{
    private readonly SenderState _state;
    private RecordScan _scan;
    private int _segment;
    private ulong _at; // The number of the next message in the file.

    /// <param name="state">The queue.</param>
    /// <param name="number">The number of the first message; at most one more than the last one's.</param>
    public QueueCursor(SenderState state, ulong number)
    {
        _state = state;
        Next = number;
        (_scan, _segment, _at) = state.Find(number);
    }

    /// <summary>The number of the next message.</summary>
    public ulong Next { get; private set; }

    /// <summary>Reads the next message; false while none is stored.</summary>
    /// <exception cref="LinkStateException">The state is damaged.</exception>
    public bool TryNext(out QueuedMessage message)
    {
        message = default;
        while (Next < _state.Stored) // spec 4.8-1
        {
            (long end, bool isLast) = _state.EndOf(_segment);
            if (_scan.TryNext(end, out Record record))
            {
                if (record.Type == QueueRecord.Message && _at++ == Next)
                {
                    message = new QueuedMessage(Next++, (InputForm)record.ReadNumber(), record.Rest.ToArray());
                    return true;
                }
            }
            else if (isLast || _scan.At < end)
            {
                throw new LinkStateException(FormattableString.Invariant(
                    $"The state is damaged: message {Next} of the queue cannot be read."));
            }
            else
            {
                (_scan, _segment, _at) = _state.Find(Next);
            }
        }

        return false;
    }
}
