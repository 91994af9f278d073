using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Files;

/// <summary>
/// The receiving end of a one-way link that is a file; finds the next record again after damage
/// (protocol-spec/08-file-format.md).
/// </summary>
/// <remarks>
/// Holds at most about 200 KiB, whatever the file is. A datagram of a file is handed out once the next record's marker
/// or the file's end has been seen, one of a named pipe at once. What was skipped stands in <see cref="Report"/>; bytes
/// altered inside a datagram are found by its seal, not here. See <see cref="IDatagramTransport"/> for threads and
/// errors.
/// </remarks>
internal sealed class FileTransportReader : IDatagramTransport
{
    private readonly PipeReader _reader;
    private readonly string _name;
    private readonly FileRecordParser _parser;
    private readonly bool _isLive;
    private LinkException? _failure;
    private bool _ended;
    private int _disposed;
    private ReceiveGate _gate;

    /// <summary>Reads from a pipe, which the transport completes when it is disposed.</summary>
    /// <param name="reader">Owned from here on.</param>
    /// <param name="name">The file's name in error lines.</param>
    /// <param name="isLive">Whether a writer may still be at work and pause: datagrams are then handed out as soon as
    /// they are whole.</param>
    public FileTransportReader(PipeReader reader, string name = "the pipe", bool isLive = false)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _parser = new FileRecordParser(isLive);
        _isLive = isLive;
        _reader = reader;
        _name = name;
    }

    /// <inheritdoc/>
    public int MaxDatagramSize => FileFormat.MaxDatagramSize;

    /// <inheritdoc/>
    public bool HasReturnPath => false;

    /// <summary>
    /// The report of what was read and skipped so far. Not to be asked for while a receive is under way.
    /// </summary>
    public FileReadReport Report => _parser.Report;

    /// <summary>Opens a file or named pipe that is there.</summary>
    /// <param name="path">The file; <c>-</c> is standard input.</param>
    /// <exception cref="LinkException">The file cannot be opened
    /// (<see cref="LinkErrorCode.TransportFailed"/>).</exception>
    public static FileTransportReader Open(string path)
    {
        Stream stream = FileStreams.Open(path);
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        return new FileTransportReader(reader, path, isLive: !stream.CanSeek);
    }

    /// <summary>
    /// The first datagram, which stays to be received, empty when none is near the beginning, and whether segments may
    /// lean on those before them. Before the first receive.
    /// </summary>
    /// <exception cref="LinkException">The file cannot be read.</exception>
    internal async ValueTask<(byte[] Datagram, bool MayChain)> PeekAsync(CancellationToken cancellationToken)
    {
        const int Near = 1 << 18;
        try
        {
            while (true)
            {
                ReadResult result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                ReadOnlySequence<byte> bytes = result.Buffer;
                FileRecordParser parser = new(_isLive);
                FileRecordParser.Status status = parser.TryRead(ref bytes, result.IsCompleted,
                    out ReadOnlySequence<byte> datagram);
                bool isOver = status != FileRecordParser.Status.NeedMore || result.Buffer.Length > Near
                    || result.IsCompleted;
                byte[] first = status == FileRecordParser.Status.Datagram ? datagram.ToArray() : [];
                _reader.AdvanceTo(result.Buffer.Start, isOver ? result.Buffer.Start : result.Buffer.End);
                if (isOver)
                {
                    return (first, parser.MayChain);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failure = FileStreams.Failed(_name, e);
        }
    }

    /// <summary>Sends nothing, ever: the far side of a file cannot be answered.</summary>
    /// <exception cref="InvalidOperationException">A file's reader cannot send: thrown always.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint? to = null,
        CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("A file that is read from cannot be answered.");

    /// <inheritdoc/>
    /// <exception cref="LinkException">
    /// The file is not one of these (<see cref="LinkErrorCode.Malformed"/>), is of another version
    /// (<see cref="LinkErrorCode.VersionMismatch"/>), or cannot be read (<see cref="LinkErrorCode.TransportFailed"/>).
    /// </exception>
    public async ValueTask<ReceivedDatagram> ReceiveAsync(
        Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _gate.Enter(this, destination);
        try
        {
            return await ReceiveNextAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failure = FileStreams.Failed(_name, e);
        }
        finally
        {
            _gate.Leave();
            if (_disposed != 0)
            {
                await CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Closes the file or completes the pipe; a receive under way ends as cancelled. Idempotent.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return ValueTask.CompletedTask;
        }

        if (_gate.IsBusy)
        {
            _reader.CancelPendingRead(); // The receive then completes the pipe: its buffers are its own until it ends.
        }

        return CompleteAsync();
    }

    private async ValueTask<ReceivedDatagram> ReceiveNextAsync(
        Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            ReadResult result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> bytes = result.Buffer;
            SequencePosition examined = bytes.End;
            try
            {
                if (result.IsCanceled)
                {
                    throw new OperationCanceledException($"Reading {_name} was cancelled.");
                }

                switch (_parser.TryRead(ref bytes, result.IsCompleted, out ReadOnlySequence<byte> datagram))
                {
                    case FileRecordParser.Status.Datagram:
                        datagram.CopyTo(destination.Span);
                        examined = bytes.Start; // More datagrams may stand here: the next read must return at once.
                        return new ReceivedDatagram((int)datagram.Length, null);
                    case FileRecordParser.Status.End:
                        _ended = true;
                        break;
                    case FileRecordParser.Status.Refused:
                        throw _failure = Refused();
                    default:
                        break;
                }
            }
            finally
            {
                _reader.AdvanceTo(bytes.Start, examined);
            }
        }

        return ReceivedDatagram.End;
    }

    private LinkException Refused() => _parser.Refusal == LinkErrorCode.VersionMismatch
        ? new(LinkErrorCode.VersionMismatch,
            _parser.IsEarlier
                ? $"{_name}: the file was written by an earlier version of LinkCodec: read it with that version."
                : $"{_name}: the file was written by a later version of LinkCodec: read it with that version.")
        : new(LinkErrorCode.Malformed, $"{_name}: this is no LinkCodec file (it does not begin with LNKCODC).");

    private async ValueTask CompleteAsync()
    {
        if (_gate.TryShut())
        {
            await _reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
