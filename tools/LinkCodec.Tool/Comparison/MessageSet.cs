using System.Buffers;
using System.IO.Pipelines;
using LinkCodec.Core.Primitives;
using LinkCodec.Streams;

namespace LinkCodec.Tool.Comparison;

/// <summary>The messages of one or more files, in memory.</summary>
/// <param name="Messages">The messages, file after file.</param>
/// <param name="Stream">The files' bytes one after another, for what compresses whole files.</param>
/// <param name="RawBytes">Bytes of the messages, without what separates them.</param>
internal sealed record MessageSet(IReadOnlyList<byte[]> Messages, byte[] Stream, long RawBytes)
{
    /// <summary>Reads files.</summary>
    /// <exception cref="LinkException">There is no message, or a file breaks its layout.</exception>
    public static async Task<MessageSet> ReadAsync(IEnumerable<string> paths, MessageFormat format,
        CancellationToken cancellationToken)
    {
        List<byte[]> messages = [];
        using MemoryStream all = new();
        foreach (string path in paths)
        {
            byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            all.Write(bytes);
            PipeReader reader = PipeReader.Create(new ReadOnlySequence<byte>(bytes));
            await foreach (ReadOnlyMemory<byte> message in MessageStreamReader.ReadAllAsync(
                reader, format, maxMessageSize: int.MaxValue / 2, cancellationToken: cancellationToken))
            {
                messages.Add(message.ToArray());
            }
        }

        return messages.Count > 0
            ? new MessageSet(messages, all.ToArray(), messages.Sum(message => (long)message.Length))
            : throw new LinkException(LinkErrorCode.Malformed, "The input holds no message.");
    }
}
