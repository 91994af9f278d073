using LinkCodec.CommandLine;
using LinkCodec.Core.Compression;

namespace LinkCodec.Receiver;

/// <summary>A folder that gets a file a message.</summary>
internal sealed class FolderOutput : IMessageOutput
{
    private readonly MessageFolder _folder;
    private readonly OutputCheckpoint? _kept; // With a state folder.

    private FolderOutput(MessageFolder folder, OutputCheckpoint? kept) => (_folder, _kept) = (folder, kept);

    /// <summary>Opens the folder.</summary>
    /// <param name="path">The folder; made if it is missing.</param>
    /// <param name="listener">The end whose messages it gets.</param>
    /// <param name="isKept">Whether a state folder keeps the number of the next message.</param>
    /// <param name="error">Where lines for people go.</param>
    public static async Task<FolderOutput> OpenAsync(string path, LinkListener listener, bool isKept, TextWriter error)
    {
        OutputCheckpoint own = OutputCheckpoint.Of(OutputKind.Folder, path);
        ulong? next = isKept ? own.PositionIn(listener.Checkpoint) : null;
        MessageFolder folder = next is { } known ? MessageFolder.OpenAt(path, known) : MessageFolder.Open(path);
        if (folder.First > 0 && next is null)
        {
            CommandHost.Say(error,
                $"'{path}' holds messages: numbering goes on at {MessageFolder.NameOf(folder.First)}");
        }

        if (isKept && next is null)
        {
            await listener.StoreCheckpointAsync(own.At(folder.First)); // Before the first file is there.
        }

        return new FolderOutput(folder, isKept ? own : null);
    }

    /// <summary>Writes what came of a message of which parts were lost.</summary>
    /// <returns>The name of its file.</returns>
    public string WritePartial(ulong number, ReadOnlyMemory<byte> file) => _folder.WritePartial(number, file.Span);

    public async Task WriteAsync(LinkReceiver receiver, CancellationToken cancellationToken)
    {
        if (_kept is null)
        {
            _folder.BeginSession();
        }
        else
        {
            _folder.SetBack(); // What a session wrote last, and did not note, comes again.
        }

        receiver.Settle = _ =>
        {
            _folder.Sync();
            return ValueTask.FromResult(_kept!.Value.At(_folder.Next));
        };
        try
        {
            await foreach (ReceivedMessage message in receiver.ReceiveAsync(cancellationToken))
            {
                if (_kept is null)
                {
                    _folder.Write(message.Number, message.Content.Span);
                }
                else
                {
                    _folder.WriteNext(message.Content.Span);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await receiver.AbortAsync("What was received cannot be written.");
            throw;
        }
    }
}
