using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tool.Comparison;

/// <summary>Joins what the frames hold and compares every message with the one that went in.</summary>
/// <param name="codec">The name of the codec, for the complaint.</param>
/// <param name="messages">The messages that went in.</param>
/// <param name="decode">The decoder of a message by its index, which undoes its coding; the frames of LinkCodec hold
/// messages already.</param>
/// <param name="onMessage">Told of every message that has come back; null for nobody.</param>
internal sealed class Verifier(
    string codec, IReadOnlyList<byte[]> messages, Func<int, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> decode,
    Action<ReceivedMessage>? onMessage = null)
{
    private readonly MessageAssembler _assembler = new(ordered: true, int.MaxValue / 2);
    private int _next;

    /// <exception cref="LinkException">A frame or a message is not what went in.</exception>
    public void Add(DecodedFrame frame)
    {
        LinkErrorCode code = frame.Error == LinkErrorCode.None ? _assembler.Add(frame) : frame.Error;
        if (code != LinkErrorCode.None)
        {
            throw new LinkException(code, $"{codec}: a frame did not decode ({code}).");
        }

        while (_assembler.TryTake(out ReceivedMessage message))
        {
            if (!decode(_next, message.Content).Span.SequenceEqual(messages[_next]))
            {
                throw new LinkException(LinkErrorCode.ModelDivergence,
                    $"{codec}: message {_next} did not come back as it was.");
            }

            _next++;
            onMessage?.Invoke(message);
        }
    }

    /// <exception cref="LinkException">Messages are missing.</exception>
    public void Finish()
    {
        if (_next != messages.Count)
        {
            throw new LinkException(LinkErrorCode.MessageLost,
                $"{codec}: {messages.Count - _next} messages did not come back.");
        }
    }
}
