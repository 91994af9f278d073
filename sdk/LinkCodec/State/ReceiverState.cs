using LinkCodec.Core.Primitives;
using NSec.Cryptography;

namespace LinkCodec.State;

/// <summary>
/// A receiver's durable marks: how many messages of each sender's queues were delivered, and what the application needs
/// to set its output back to there. Thread-safe.
/// </summary>
/// <remarks>Bytes written: about 14 for each time that a mark moves, and the checkpoint's.</remarks>
internal sealed class ReceiverState : IDisposable
{
    private const int MaxQueues = 4096; // A peer makes as many as it likes.
    private const long FullFile = 256 << 10;
    private const int KeyLength = 32;
    private const int MaxBegun = 64; // Messages of which the beginning is kept: each may be as long as a message is.

    // Types of records.
    private const byte QueueType = 1; // The sender's key (32 bytes), the queue's identity.
    private const byte MarkType = 2; // The place of the queue, delivered, epoch.
    private const byte MarkAndCheckpointType = 3; // The same, and the checkpoint.
    private const byte CheckpointType = 4;

    private readonly IStateFiles _files;
    private readonly SegmentLog _log;
    private readonly Lock _gate = new();
    private readonly List<QueueMark> _queues = [];
    private readonly RecordBuffer _records = new();
    private readonly Dictionary<int, BegunMessage> _begun = [];
    private byte[] _checkpoint = [];
    private long _fullAt = FullFile;
    private LinkStateException? _failure;

    private ReceiverState(IStateFiles files, SegmentLog log, ResumptionFile resumptions) =>
        (_files, _log, Resumptions) = (files, log, resumptions);

    /// <summary>The secrets by which senders resume their sessions.</summary>
    public ResumptionFile Resumptions { get; }

    /// <summary>What the application stored last.</summary>
    public ReadOnlyMemory<byte> Checkpoint
    {
        get
        {
            lock (_gate)
            {
                return _checkpoint;
            }
        }
    }

    /// <summary>Opens the marks, or makes a place for them.</summary>
    /// <param name="files">The folder; the marks dispose of it.</param>
    /// <exception cref="LinkStateException">The state is another version's, damaged, or cannot be written.</exception>
    public static ReceiverState Open(IStateFiles files)
    {
        SegmentLog? log = null;
        ResumptionFile? resumptions = null;
        try
        {
            log = SegmentLog.Open(files, "marks-");
            resumptions = ResumptionFile.Open(files);
            ReceiverState state = new(files, log, resumptions);
            state.Read();
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

    /// <summary>
    /// Opens a queue for a session. A session that had it before cannot move its mark any more.
    /// </summary>
    /// <param name="sender">The sender's key; null where the handshake shows none.</param>
    /// <param name="announcement">What the sender says of the queue.</param>
    /// <param name="refusal">Why the queue is refused; null where it is not.</param>
    /// <returns>The mark; null where the queue is refused.</returns>
    /// <exception cref="LinkStateException">The state cannot be written.</exception>
    public QueueMark? Open(PublicKey? sender, QueueAnnouncement announcement, out QueueRefusal? refusal)
    {
        byte[] key = sender?.Export(KeyBlobFormat.RawPublicKey) ?? new byte[KeyLength];
        lock (_gate)
        {
            ThrowIfFailed();
            int place = _queues.FindIndex(
                one => one.Id == announcement.Queue && one.Sender.AsSpan().SequenceEqual(key));
            QueueMark known = place >= 0
                ? _queues[place]
                : new QueueMark(_queues.Count, key, announcement.Queue) { Delivered = announcement.Number };
            refusal = place < 0 && _queues.Count == MaxQueues
                ? new QueueRefusal(LinkErrorCode.LimitExceeded, "the receiver keeps no more queues")
                : known.Refuse(announcement);
            if (refusal is not null)
            {
                return null;
            }

            QueueMark opened = known with { Epoch = announcement.Epoch };
            _records.Clear();
            if (place < 0)
            {
                _records.Add(QueueType, [opened.Id], opened.Sender);
                _queues.Add(opened);
            }

            _queues[opened.Place] = opened;
            AddMark(opened, null);
            Write();
            return opened;
        }
    }

    /// <summary>Moves a mark, durably, and stores a checkpoint with it.</summary>
    /// <param name="opened">The mark as it was opened.</param>
    /// <param name="delivered">Messages of the queue before this number are delivered.</param>
    /// <param name="checkpoint">What the application needs; null to leave it as it is.</param>
    /// <returns>False where another session has the queue by now.</returns>
    /// <exception cref="LinkStateException">The state cannot be written.</exception>
    public bool TryDeliver(QueueMark opened, ulong delivered, ReadOnlyMemory<byte>? checkpoint)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            QueueMark present = _queues[opened.Place];
            if (present.Epoch != opened.Epoch)
            {
                return false;
            }

            present.Delivered = Math.Max(present.Delivered, delivered);
            _checkpoint = checkpoint?.ToArray() ?? _checkpoint;
            _records.Clear();
            AddMark(present, checkpoint);
            Write();
            return true;
        }
    }

    /// <summary>Reads the beginning of the message behind those that are delivered, where it is the one that a sender
    /// goes on with; empty where it is not, and what is there is then forgotten.</summary>
    /// <exception cref="LinkStateException">The state cannot be read.</exception>
    public byte[] ReadBegun(QueueMark opened, BegunPart? begun) => WithBegun(opened, file =>
    {
        byte[] content = file.Read(opened.Id, opened.Delivered);
        bool fits = begun is { } part && part.Number == opened.Delivered && part.Bytes <= (ulong)content.Length
            && RecordBuffer.Crc32C(0, content.AsSpan(0, (int)part.Bytes)) == part.Check; // spec 4.8-9
        if (!fits)
        {
            file.Begin(opened.Id, opened.Delivered);
        }

        return fits ? content : [];
    }) ?? [];

    /// <summary>Adds to the beginning of the message that is at work. Nothing is synced.</summary>
    /// <param name="opened">The mark as it was opened.</param>
    /// <param name="number">The message's number in the queue.</param>
    /// <param name="at">Where the bytes stand in it.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="LinkStateException">The state cannot be written.</exception>
    public void AppendBegun(QueueMark opened, ulong number, int at, ReadOnlyMemory<byte> bytes) =>
        WithBegun(opened, file =>
        {
            if (at == 0)
            {
                file.Begin(opened.Id, number);
            }

            if (file.Length == at)
            {
                file.Append(bytes.Span);
            }

            return file;
        });

    /// <summary>Stores a checkpoint, durably.</summary>
    /// <exception cref="LinkStateException">The state cannot be written.</exception>
    public void StoreCheckpoint(ReadOnlyMemory<byte> checkpoint)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            _checkpoint = checkpoint.ToArray();
            _records.Clear();
            _records.Add(CheckpointType, [], _checkpoint);
            Write();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _failure ??= new LinkStateException("The state is closed.");
            _log.Dispose();
            Resumptions.Dispose();
            foreach (BegunMessage begun in _begun.Values)
            {
                begun.Dispose();
            }

            _files.Dispose();
        }
    }

    // Null where another session has the queue by now. So many senders have a file of their own.
    private T? WithBegun<T>(QueueMark opened, Func<BegunMessage, T> act)
        where T : class
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_queues[opened.Place].Epoch != opened.Epoch)
            {
                return null;
            }

            try
            {
                int place = opened.Place % MaxBegun;
                if (!_begun.TryGetValue(place, out BegunMessage? file))
                {
                    _begun[place] = file = BegunMessage.Open(_files,
                        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"begun-{place:D2}"));
                }

                return act(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw StateFailure.Of(e);
            }
        }
    }

    private void AddMark(QueueMark mark, ReadOnlyMemory<byte>? checkpoint)
    {
        byte type = checkpoint is null ? MarkType : MarkAndCheckpointType;
        ReadOnlySpan<byte> rest = checkpoint is { } bytes ? bytes.Span : default;
        _records.Add(type, [(ulong)mark.Place, mark.Delivered, mark.Epoch], rest);
    }

    private void Write()
    {
        try
        {
            if (_log.End >= _fullAt)
            {
                BeginFile(); // It holds what the records say.
                return;
            }

            _log.Append(_records.Written);
            _log.Sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = StateFailure.Of(e);
            throw _failure;
        }
    }

    private void BeginFile()
    {
        _records.Clear();
        foreach (QueueMark queue in _queues)
        {
            _records.Add(QueueType, [queue.Id], queue.Sender);
            AddMark(queue, null);
        }

        _records.Add(CheckpointType, [], _checkpoint);
        int present = _log.Begin(_records);
        _fullAt = FullFile + (2 * _log.End); // So that what is written anew is a small part of all.
        foreach (int segment in _log.Segments.Where(one => one != present).ToList())
        {
            _log.Remove(segment);
        }
    }

    private void Read()
    {
        if (_log.Segments.Count == 0)
        {
            BeginFile();
            return;
        }

        int last = _log.Segments[^1];
        RecordScan scan = _log.Scan(last);
        long end = _log.EndOf(last);
        while (scan.TryNext(end, out Record record))
        {
            Take(record);
        }

        _log.Cut(scan.At);
        foreach (int segment in _log.Segments.SkipLast(1).ToList())
        {
            _log.Remove(segment);
        }
    }

    private void Take(Record record)
    {
        switch (record.Type)
        {
            case QueueType:
                ulong id = record.ReadNumber();
                _queues.Add(new QueueMark(_queues.Count, record.Rest.ToArray(), id));
                break;
            case MarkType or MarkAndCheckpointType:
                int place = (int)Math.Min(record.ReadNumber(), int.MaxValue);
                if (place >= _queues.Count)
                {
                    throw new LinkStateException("The state is damaged: a mark of no queue.");
                }

                _queues[place] = _queues[place] with { Delivered = record.ReadNumber(), Epoch = record.ReadNumber() };
                _checkpoint = record.Type == MarkType ? _checkpoint : record.Rest.ToArray();
                break;
            case CheckpointType:
                _checkpoint = record.Rest.ToArray();
                break;
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new LinkStateException(_failure.Message, _failure);
        }
    }
}
