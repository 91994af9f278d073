using System.IO.Pipelines;
using LinkCodec.CommandLine;
using LinkCodec.Transport.Files;

namespace LinkCodec.Receiver;

/// <summary>A file that the messages are appended to, as a stream.</summary>
internal sealed class FileOutput : IMessageOutput, IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly MessageFormat? _format;
    private readonly OutputCheckpoint _own;
    private readonly bool _isKept;
    private long _settled; // Bytes.

    private FileOutput(FileStream file, MessageFormat? format, OutputCheckpoint own, bool isKept) =>
        (_file, _format, _own, _isKept, _settled) = (file, format, own, isKept, file.Length);

    /// <summary>Opens the file, and sets it back to what was delivered where a state folder knows that.</summary>
    /// <param name="path">The file; made if it is missing.</param>
    /// <param name="format">The form in which messages are to stand in it; null for the sender's.</param>
    /// <param name="listener">The end whose messages it gets.</param>
    /// <param name="isKept">Whether a state folder keeps the file's length.</param>
    /// <param name="error">Where lines for people go.</param>
    /// <exception cref="IOException">The file cannot be written, or holds less than was delivered into it.</exception>
    public static async Task<FileOutput> OpenAsync(string path, MessageFormat? format, LinkListener listener,
        bool isKept, TextWriter error)
    {
        OutputCheckpoint own = OutputCheckpoint.Of(OutputKind.File, path);
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            ulong? known = isKept ? own.PositionIn(listener.Checkpoint) : null;
            if (known is { } length && file.Length < (long)length)
            {
                throw new IOException(FormattableString.Invariant(
                    $"'{path}' holds {file.Length} bytes, and {length} were delivered into it: put it back, or name ")
                    + "another file.");
            }

            if (known is { } delivered && file.Length > (long)delivered)
            {
                CommandHost.Say(error, FormattableString.Invariant(
                    $"'{path}': {file.Length - (long)delivered} bytes that were not noted as delivered come anew"));
                file.SetLength((long)delivered);
            }

            file.Position = file.Length;
            if (isKept && known is null)
            {
                file.Flush(flushToDisk: true);
                UnixFiles.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
                await listener.StoreCheckpointAsync(own.At((ulong)file.Length)); // Before the first message is there.
            }

            return new FileOutput(file, format, own, isKept);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public async Task WriteAsync(LinkReceiver receiver, CancellationToken cancellationToken)
    {
        if (_isKept && _file.Length > _settled)
        {
            _file.SetLength(_settled); // What a session wrote last, and did not note, comes again.
            _file.Position = _settled;
        }

        PipeWriter output = PipeWriter.Create(_file, new StreamPipeWriterOptions(leaveOpen: true));
        receiver.Settle = _ =>
        {
            _file.Flush(flushToDisk: true);
            _settled = _file.Position;
            return ValueTask.FromResult(_own.At((ulong)_settled));
        };
        await receiver.ReceiveAllAsync(output, _format, cancellationToken);
        await output.CompleteAsync();
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
