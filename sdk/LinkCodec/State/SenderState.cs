namespace LinkCodec.State;

/// <summary>
/// A sender's durable queue: messages that were accepted and are not known to be delivered, how far the input was read,
/// and the sessions that were begun. Thread-safe, but for its <see cref="QueueCursor"/>.
/// </summary>
/// <remarks>
/// Callers that store at the same time share one write and one sync. Bytes written: 10 a message beside its own, and
/// about 12 for each word of what was delivered. A file of the log is removed once all in it is delivered. Where the
/// queue is bounded, the disk holds up to a file more (16 MiB, or a quarter of a smaller bound, but 1 MiB at least).
/// </remarks>
internal sealed partial class SenderState : IDisposable
{
    private const long FullFile = 16 << 20;
    private const long LeastEmptied = 1 << 20; // A file that holds nothing any more is replaced from this length on.

    private readonly IStateFiles _files;
    private readonly SegmentLog _log;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly List<(int Segment, ulong First)> _segments = [];
    private RecordBuffer _pending = new();
    private RecordBuffer _spare = new();
    private ulong _accepted;
    private InputMark _acceptedInput;
    private InputMark _input; // As of what is stored.
    private bool _hasPendingMessages;
    private LinkStateException? _failure;
    private TaskCompletionSource _changed = NewSignal();

    private SenderState(IStateFiles files, SegmentLog log, ResumptionFile resumptions, QueueRoom room) =>
        (_files, _log, Resumptions, _room) = (files, log, resumptions, room);

    /// <summary>The secrets by which sessions are resumed.</summary>
    public ResumptionFile Resumptions { get; }

    /// <summary>The queue's identity: a random number below 2^62.</summary>
    public ulong Queue { get; private set; }

    /// <summary>How often a session was begun.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>Messages before this number are delivered.</summary>
    public ulong Delivered { get; private set; }

    /// <summary>Messages before the number were reported, and so many bytes of the next one.</summary>
    public (ulong Number, ulong Bytes) Reported { get; private set; }

    /// <summary>Messages before this number are stored.</summary>
    public ulong Stored { get; private set; }

    /// <summary>Whether the receiver said that this queue is a copy, or older than what it has seen.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>How far the input was read, with what is being stored.</summary>
    public InputMark Input
    {
        get
        {
            lock (_gate)
            {
                return _acceptedInput;
            }
        }
    }

    /// <summary>Completes when something has changed since it was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Opens the queue, or makes one.</summary>
    /// <param name="files">The folder; the queue disposes of it.</param>
    /// <param name="queue">The identity of a new queue.</param>
    /// <param name="maxBytes">Bytes of messages that are not delivered at most; null for no bound.</param>
    /// <exception cref="LinkStateException">The state is another version's, damaged, or cannot be written.</exception>
    public static SenderState Open(IStateFiles files, ulong queue, long? maxBytes = null)
    {
        SegmentLog? log = null;
        ResumptionFile? resumptions = null;
        try
        {
            log = SegmentLog.Open(files, "queue-");
            resumptions = ResumptionFile.Open(files);
            SenderState state = new(files, log, resumptions, new QueueRoom(maxBytes ?? long.MaxValue));
            if (log.Segments.Count == 0)
            {
                state.Queue = queue;
                state.BeginFile();
            }
            else
            {
                state.Read();
            }

            return state;
        }
        catch (Exception e)
        {
            log?.Dispose();
            resumptions?.Dispose();
            files.Dispose();
            throw StateFailure.Of(e);
        }
    }

    /// <summary>Begins to read another input.</summary>
    public void BeginInput(InputMark input)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            _acceptedInput = input;
            _pending.Add(QueueRecord.Input, [input.Name]);
        }
    }

    /// <summary>Reads messages from a number on.</summary>
    public QueueCursor ReadFrom(ulong number)
    {
        lock (_gate)
        {
            return new QueueCursor(this, number);
        }
    }

    public void Dispose()
    {
        _writing.Wait(); // Nobody may be in the middle of a write.
        lock (_gate)
        {
            _failure ??= new LinkStateException("The state is closed.");
            _log.Dispose();
            Resumptions.Dispose();
            _files.Dispose();
            Signal();
        }

        _writing.Release();
    }

    /// <summary>The file that holds a stored message, the number of its first one, and where its records end.</summary>
    internal (RecordScan Scan, int Segment, ulong First) Find(ulong number)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            (int segment, ulong first) = _segments.FindLast(one => one.First <= number);
            return (_log.Scan(segment), segment, first);
        }
    }

    /// <summary>Where the records of a file end by now, 0 where it was removed, and whether it is the last
    /// one.</summary>
    internal (long End, bool IsLast) EndOf(int segment)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            return segment < _segments[0].Segment ? (0, false)
                : (_log.EndOf(segment), segment == _segments[^1].Segment);
        }
    }

    // Whoever comes while others write waits, and then writes for all that came meanwhile.
    private async Task WriteAsync(Func<bool> isNeeded, bool isDurable)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (isNeeded())
            {
                await Task.Run(() => Write(isDurable)).ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Write(bool isDurable)
    {
        RecordBuffer records;
        ulong stored;
        InputMark input;
        lock (_gate)
        {
            ThrowIfFailed();
            (records, _pending, _spare) = (_pending, _spare, _pending);
            (stored, input) = (_accepted, _acceptedInput);
            isDurable |= _hasPendingMessages;
            _hasPendingMessages = false;
        }

        long end = 0;
        try
        {
            if (IsFull(records.Written.Length))
            {
                BeginFile();
            }

            end = _log.End;

            lock (_gate)
            {
                _log.Append(records.Written);
            }

            if (isDurable)
            {
                _log.Sync();
            }

            lock (_gate)
            {
                (Stored, _input) = (stored, input);
                RemoveDelivered();
                Signal();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            LinkStateException failure = Fail(e);
            _log.TryCut(end); // Nobody is told that what is there of the group is stored.
            throw failure;
        }
        finally
        {
            records.Clear();
        }
    }

    private bool IsFull(int more)
    {
        long end = _log.End;
        bool isEmptied = Delivered == Stored && end >= LeastEmptied;

        // A file goes as a whole: of a small queue it is small, so that the disk does not hold much more.
        long full = Math.Clamp(_room.Limit / 4, LeastEmptied, FullFile);
        return isEmptied || (end > LeastEmptied && end + more > full);
    }

    private void BeginFile()
    {
        lock (_gate)
        {
            RecordBuffer begin = new();
            begin.Add(QueueRecord.Begin, [Queue, Epoch, Stored, Delivered, IsRefused ? 1UL : 0, _input.Name,
                _input.Position, _input.Count, _input.Crc]);
            if (_log.Segments.Count > 0)
            {
                _log.Sync(); // Its last notes may not be durable yet, and only the last file may have a torn end.
            }

            begin.Add(QueueRecord.Reported, [Reported.Number, Reported.Bytes]);
            _segments.Add((_log.Begin(begin), Stored));
        }
    }

    private void RemoveDelivered()
    {
        while (_segments.Count > 1 && _segments[1].First <= Delivered)
        {
            _log.Remove(_segments[0].Segment);
            _segments.RemoveAt(0);
        }
    }

    private void Read()
    {
        QueueReading reading = new();
        long unread = 0;
        foreach (int segment in _log.Segments)
        {
            RecordScan scan = _log.Scan(segment);
            bool isLast = segment == _log.Segments[^1];
            bool isRead = isLast || (_room.Limit < long.MaxValue && segment == _log.Segments[0]);
            long end = _log.EndOf(segment);
            bool isFirst = true;
            for (long at = scan.At; (isFirst || isRead) && scan.TryNext(end, out Record record); at = scan.At)
            {
                reading.Take(record);
                if (isFirst && unread > 0)
                {
                    _room.Add(reading.First, unread);
                }

                if (record.Type == QueueRecord.Message)
                {
                    _room.Add(reading.Next, scan.At - at);
                }

                isFirst = false;
            }

            unread = isRead ? 0 : end; // Only some messages of the first file are delivered, and none of the next.
            _segments.Add((segment, reading.First));
            if (isLast)
            {
                _log.Cut(scan.At);
            }
        }

        (Queue, Epoch, IsRefused) = (reading.Queue, reading.Epoch, reading.IsRefused);
        (Stored, _accepted) = (reading.Next, reading.Next);
        _input = _acceptedInput = reading.Input;
        Reported = reading.Reported;
        Delivered = Math.Max(reading.Delivered, _segments[0].First);
        _room.Deliver(Delivered);
        RemoveDelivered();
    }

    private LinkStateException Fail(Exception cause)
    {
        lock (_gate)
        {
            _failure ??= StateFailure.Of(cause);
            Signal();
            return _failure;
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new LinkStateException(_failure.Message, _failure);
        }
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
