using System.IO.Pipelines;
using System.Net;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Files;

/// <summary>
/// The sending end of a one-way link that is a file: each datagram becomes a record (protocol-spec/08-file-format.md).
/// </summary>
/// <remarks>
/// Every send is flushed, so that a reader of a named pipe waits for nothing that was sent; the pipe's back-pressure
/// makes the send wait. See <see cref="IDatagramTransport"/> for threads and errors. The first failure ends the writer:
/// later sends repeat its error.
/// </remarks>
internal sealed class FileTransportWriter : IDatagramTransport
{
    private readonly PipeWriter _writer;
    private readonly string _name;
    private readonly bool _isChained;
    private readonly OutputFile? _file;
    private LinkException? _failure;
    private bool _headerWritten;
    private int _disposed;

    /// <summary>Writes into a pipe, which the transport completes when it is disposed.</summary>
    /// <param name="writer">Owned from here on; its own pool and thresholds bound the memory.</param>
    /// <param name="name">The file's name in error lines.</param>
    /// <param name="isChained">Whether its segments may lean on those before them.</param>
    public FileTransportWriter(PipeWriter writer, string name = "the pipe", bool isChained = false)
        : this(writer, name, isChained, null)
    {
    }

    private FileTransportWriter(PipeWriter writer, string name, bool isChained, OutputFile? file)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _file = file;
        _isChained = isChained;
        _writer = writer;
        _name = name;
    }

    /// <inheritdoc/>
    public int MaxDatagramSize => FileFormat.MaxDatagramSize;

    /// <inheritdoc/>
    public bool HasReturnPath => false;

    /// <summary>Bytes given to the pipe so far, header and record headers included.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>
    /// Creates the file, or replaces it, once <see cref="CompleteAsync"/> says that it is whole; a named pipe or a
    /// device is written to at once.
    /// </summary>
    /// <exception cref="LinkException">The file cannot be created
    /// (<see cref="LinkErrorCode.TransportFailed"/>).</exception>
    /// <param name="path">The file; <c>-</c> is standard output.</param>
    /// <param name="isChained">Whether its segments may lean on those before them.</param>
    public static FileTransportWriter Create(string path, bool isChained = false)
    {
        OutputFile file = FileStreams.Create(path);
        return new FileTransportWriter(PipeWriter.Create(file.Stream), path, isChained, file);
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint? to = null,
        CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (to is not null)
        {
            throw new ArgumentException("A file has no addresses.", nameof(to));
        }

        ArgumentOutOfRangeException.ThrowIfZero(datagram.Length, nameof(datagram)); // spec 8.2-2
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, MaxDatagramSize, nameof(datagram));
        // Before the first byte: a record is never half-written by cancelling.
        cancellationToken.ThrowIfCancellationRequested();
        if (_failure is not null)
        {
            throw _failure;
        }

        try
        {
            Put(datagram.Span);
            FlushResult result = await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted)
            {
                throw _failure = new LinkException(LinkErrorCode.TransportFailed,
                    $"{_name}: the reading side has closed it.");
            }

            if (result.IsCanceled)
            {
                throw new OperationCanceledException($"Writing to {_name} was cancelled.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failure = FileStreams.Failed(_name, e);
        }
    }

    /// <summary>Receives nothing, ever: a file cannot answer.</summary>
    /// <exception cref="InvalidOperationException">A file's writer cannot receive: thrown always.</exception>
    public ValueTask<ReceivedDatagram> ReceiveAsync(
        Memory<byte> destination, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("A file that is written to cannot answer.");

    /// <summary>
    /// Says that everything was sent: writes what is left (the header, if nothing was sent), and gives the file its
    /// name or completes the pipe.
    /// </summary>
    /// <exception cref="LinkException">The rest could not be written; an older file is as it was.</exception>
    public async ValueTask CompleteAsync()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (_failure is not null)
        {
            throw _failure;
        }

        try
        {
            if (!_headerWritten)
            {
                Put([]);
            }

            await _writer.FlushAsync().ConfigureAwait(false);
            _file?.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failure = FileStreams.Failed(_name, e);
        }
    }

    /// <summary>
    /// Closes the file or completes the pipe, with a header at least; a file that was not completed is removed, and an
    /// older one of its name stays. Idempotent.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            if (_file is null && _failure is null && !_headerWritten)
            {
                Put([]);
            }

            await _writer.CompleteAsync(_failure).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The first cause was told, and the same disk may fail once more; a committed file is closed already.
        }
        finally
        {
            _file?.Dispose();
        }
    }

    /// <summary>The header where it is due, and one record unless <paramref name="datagram"/> is empty.</summary>
    private void Put(ReadOnlySpan<byte> datagram)
    {
        int header = _headerWritten ? 0 : FileFormat.HeaderSize;
        int record = datagram.IsEmpty ? 0 : FileFormat.RecordHeaderSize + datagram.Length;
        Span<byte> room = _writer.GetSpan(header + record)[..(header + record)];
        if (header > 0)
        {
            FileFormat.WriteHeader(room, _isChained);
            _headerWritten = true;
        }

        if (record > 0)
        {
            FileFormat.WriteRecordHeader(room[header..], datagram.Length);
            datagram.CopyTo(room[(header + FileFormat.RecordHeaderSize)..]);
        }

        _writer.Advance(room.Length);
        BytesWritten += room.Length;
    }
}
