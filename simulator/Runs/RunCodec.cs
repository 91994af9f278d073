using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Models;
using LinkCodec.Baselines;

namespace LinkCodec.Simulator.Runs;

/// <summary>A codec in a comparison over a link: what it makes of a message before the session's own coding, and back.</summary>
internal sealed class RunCodec : IDisposable
{
    private readonly IBaselineCodec? _peer;
    private readonly LinkSnapshots _snapshots;

    private RunCodec(string name, Predictor predictor, SnapshotOffer offer, IBaselineCodec? peer, LinkSnapshots snapshots) =>
        (Name, Predictor, Offer, _peer, _snapshots) = (name, predictor, offer, peer, snapshots);

    /// <summary>As on the command line.</summary>
    public string Name { get; }

    /// <summary>Codes LinkCodec's messages, and decodes.</summary>
    public Predictor Predictor { get; }

    /// <summary>What the handshake proves.</summary>
    public SnapshotOffer Offer { get; }

    /// <summary>LinkCodec itself.</summary>
    /// <exception cref="LinkException">No such snapshot, or it is damaged.</exception>
    public static RunCodec LinkCodec(string snapshot, ModelDevice device = default)
    {
        LinkSnapshots loaded = LinkSnapshots.Load([snapshot], device);
        return new RunCodec("linkcodec", loaded.All[0].Predictor, loaded.Offers().Single(), null, loaded);
    }

    /// <summary>Another compressor, owned from here on. What it makes of messages is stored, in the frames that LinkCodec takes for what it does not code.</summary>
    public static RunCodec Of(string name, IBaselineCodec peer)
    {
        LinkSnapshots none = LinkSnapshots.Load([LinkSnapshots.None]);
        return new RunCodec(name, none.All[0].Predictor, SnapshotOffer.None, peer, none);
    }

    /// <summary>Every message as it is given to the packer; a message that a peer would make larger goes as it is.</summary>
    /// <exception cref="LinkException">The peer failed.</exception>
    public async Task<EncodedMessage[]> EncodeAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> messages, MessageCodec coder, int unitSize, CancellationToken cancellationToken, Action<int>? onProgress)
    {
        if (_peer is null)
        {
            return await coder.EncodeAsync([.. messages.Select((message, i) => new OutgoingMessage((ulong)i, message))], cancellationToken, onProgress);
        }

        EncodedMessage[] stored = new EncodedMessage[messages.Count];
        for (int i = 0; i < stored.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            stored[i] = EncodedMessage.Store(new OutgoingMessage((ulong)i, Smaller(_peer, messages[i])), unitSize);
        }

        return stored;
    }

    /// <summary>The message again.</summary>
    /// <param name="received">What came out of the session.</param>
    /// <param name="length">The message's length in bytes: peers are told it for nothing.</param>
    /// <exception cref="LinkException">What came is no message of the peer's.</exception>
    public ReadOnlyMemory<byte> Restore(ReadOnlyMemory<byte> received, int length)
    {
        try
        {
            return _peer is null || received.Length >= length ? received : _peer.Decompress(received.Span, length);
        }
        catch (BaselineException e)
        {
            throw new LinkException(e.Message);
        }
    }

    public void Dispose()
    {
        _peer?.Dispose();
        _snapshots.Dispose();
    }

    private static ReadOnlyMemory<byte> Smaller(IBaselineCodec peer, ReadOnlyMemory<byte> message)
    {
        try
        {
            byte[] compressed = peer.Compress(message.Span);
            return compressed.Length < message.Length ? compressed : message;
        }
        catch (BaselineException e)
        {
            throw new LinkException(e.Message);
        }
    }
}
