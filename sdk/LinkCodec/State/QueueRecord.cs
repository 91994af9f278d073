namespace LinkCodec.State;

/// <summary>The types of the records in a sender's log.</summary>
internal static class QueueRecord
{
    /// <summary>Begins a file: queue, epoch, number of the first message, delivered, refused, and the input's name,
    /// position, count and checksum.</summary>
    public const byte Begin = 1;

    /// <summary>A message: its <see cref="InputForm"/>, then its bytes.</summary>
    public const byte Message = 2;

    /// <summary>Messages before the number are delivered.</summary>
    public const byte Delivered = 3;

    /// <summary>How often a session was begun.</summary>
    public const byte Epoch = 4;

    /// <summary>The next messages come from another input, whose name this is.</summary>
    public const byte Input = 5;

    /// <summary>The receiver has refused the queue.</summary>
    public const byte Refused = 6;

    /// <summary>Messages before the number were reported, and so many bytes of the next one.</summary>
    public const byte Reported = 7;
}

/// <summary>What a sender's log adds up to.</summary>
internal sealed class QueueReading
{
    public ulong Queue { get; private set; }

    public ulong Epoch { get; private set; }

    /// <summary>The number of the first message of the file that was read last.</summary>
    public ulong First { get; private set; }

    /// <summary>The number behind that of the last message.</summary>
    public ulong Next { get; private set; }

    public ulong Delivered { get; private set; }

    public bool IsRefused { get; private set; }

    /// <summary>Messages before the number were reported, and so many bytes of the next one.</summary>
    public (ulong Number, ulong Bytes) Reported { get; private set; }

    public InputMark Input { get; private set; }

    /// <summary>Takes the next record.</summary>
    /// <exception cref="LinkStateException">It is none that this version writes.</exception>
    public void Take(Record record)
    {
        switch (record.Type)
        {
            case QueueRecord.Begin:
                (Queue, Epoch, Next) = (record.ReadNumber(), record.ReadNumber(), record.ReadNumber());
                (First, Delivered, IsRefused) = (Next, record.ReadNumber(), record.ReadNumber() != 0);
                Input = new InputMark(record.ReadNumber(), record.ReadNumber(), record.ReadNumber(),
                    (uint)record.ReadNumber());
                break;
            case QueueRecord.Message:
                Input = Input.After((InputForm)record.ReadNumber(), record.Rest);
                Next++;
                break;
            case QueueRecord.Delivered:
                Delivered = record.ReadNumber();
                break;
            case QueueRecord.Epoch:
                Epoch = record.ReadNumber();
                break;
            case QueueRecord.Input:
                Input = new InputMark(record.ReadNumber(), 0, 0, 0);
                break;
            case QueueRecord.Refused:
                IsRefused = true;
                break;
            case QueueRecord.Reported:
                Reported = (record.ReadNumber(), record.ReadNumber());
                break;
        }
    }
}
