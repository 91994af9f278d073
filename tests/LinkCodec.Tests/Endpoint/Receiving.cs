using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Compression;

namespace LinkCodec.Tests.Endpoint;

/// <summary>What a receiver makes of units, with its work done at once.</summary>
internal sealed class Receiving : IDisposable
{
    private readonly CodingPool _coding = new(threads: 1);

    public Receiving(Predictor predictor, bool hasReturnPath = true, LinkOptions? options = null)
    {
        options ??= new LinkOptions();
        Messages = new ReceivedMessages(
            options.ToEndpoint(new HandshakeOptions(), [predictor], hasReturnPath) with { IsFile = !hasReturnPath },
            predictor);
    }

    public ReceivedMessages Messages { get; }

    /// <summary>Takes units as the session gives them, and decodes as far as there is room.</summary>
    public void Take(params byte[][] units)
    {
        foreach (byte[] unit in units)
        {
            Messages.Add(Compression.Messages.Frames(unit));
        }

        Settle();
    }

    /// <summary>Every message that is ready.</summary>
    public List<ReceivedMessage> TakeMessages()
    {
        List<ReceivedMessage> taken = [];
        while (Messages.TryTake(out ReceivedMessage message))
        {
            taken.Add(message);
            Settle();
        }

        return taken;
    }

    public void End()
    {
        Messages.End();
        Settle();
    }

    public void Dispose()
    {
        Messages.Dispose();
        _coding.Dispose();
    }

    private void Settle()
    {
        Messages.Advance(Timestamp.Zero);
        while (Messages.TakeWork(this) is { } work)
        {
            _coding.RunAsync(work, CancellationToken.None).GetAwaiter().GetResult();
            Messages.Return(work);
            Messages.Advance(Timestamp.Zero);
        }
    }
}
