using System.IO.Pipelines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Compression;

namespace LinkCodec.Receiver;

/// <summary>A place where messages go.</summary>
internal interface IMessageOutput
{
    /// <summary>Writes a session's messages, to the last one.</summary>
    /// <exception cref="IOException">The messages cannot be written; the sender is told so.</exception>
    Task WriteAsync(LinkReceiver receiver, CancellationToken cancellationToken);
}

/// <summary>Standard output.</summary>
internal sealed class StreamOutput(MessageFormat? format) : IMessageOutput
{
    private readonly PipeWriter _output = PipeWriter.Create(StandardStreams.OpenOutput());

    public async Task WriteAsync(LinkReceiver receiver, CancellationToken cancellationToken)
    {
        await receiver.ReceiveAllAsync(_output, format, cancellationToken);
        await _output.CompleteAsync();
    }
}

/// <summary>A folder that gets a file a message.</summary>
internal sealed class FolderOutput : IMessageOutput
{
    private readonly MessageFolder _folder;

    private FolderOutput(MessageFolder folder) => _folder = folder;

    /// <summary>Writes what came of a message of which parts were lost.</summary>
    /// <returns>The name of its file.</returns>
    public string WritePartial(ulong number, ReadOnlyMemory<byte> file) => _folder.WritePartial(number, file.Span);

    public static FolderOutput Open(string path, TextWriter error)
    {
        MessageFolder folder = MessageFolder.Open(path);
        if (folder.First > 0)
        {
            CommandHost.Say(error,
                $"'{path}' holds messages: numbering goes on at {MessageFolder.NameOf(folder.First)}");
        }

        return new FolderOutput(folder);
    }

    public async Task WriteAsync(LinkReceiver receiver, CancellationToken cancellationToken)
    {
        _folder.BeginSession();
        try
        {
            await foreach (ReceivedMessage message in receiver.ReceiveAsync(cancellationToken))
            {
                _folder.Write(message.Number, message.Content.Span);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await receiver.AbortAsync("What was received cannot be written.");
            throw;
        }
    }
}
