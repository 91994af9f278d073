using System.Security.Cryptography;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Zstd;

namespace LinkCodec.Codec;

/// <summary>
/// The parts that an end of a link uses and has to give back: snapshots, unless they are shared, coders, and a copy of
/// the pre-shared key.
/// </summary>
internal sealed class LinkParts(LinkOptions options, LinkSnapshots snapshots, bool ownsSnapshots) : IDisposable
{
    private byte[]? _psk;

    public LinkSnapshots Snapshots => snapshots;

    public CodingPool Coding { get; } = new(options.Threads);

    /// <summary>The endpoint's options.</summary>
    /// <param name="canAnswer">Whether the path has a way back.</param>
    /// <param name="isFile">Whether the path is a file.</param>
    /// <param name="isSender">Whether this is the sender's end.</param>
    /// <param name="mayChain">Whether a file's messages may start from those before them.</param>
    /// <param name="resumptions">What senders resume their sessions by, where this end keeps it.</param>
    public EndpointOptions OptionsFor(bool canAnswer, bool isFile, bool isSender, bool mayChain = false,
        IResumptions? resumptions = null)
    {
        bool twoWay = canAnswer && options.HasReturnPath;
        LinkOptions complete = twoWay ? options : OpenKeys.Complete(options, isSender);
        HandshakeOptions handshake = complete.ToHandshake(snapshots.Offers(), twoWay) with
        {
            Resumptions = resumptions,
        };
        _psk = handshake.Psk;
        // A sender that does not have them yet is given one later.
        IReadOnlyList<Snapshot> loaded = isSender && !snapshots.Loading.IsCompleted ? [] : snapshots.All;
        return options.ToEndpoint(handshake, [.. loaded.Select(snapshot => snapshot.Predictor)], twoWay) with
        {
            Compressors = [.. loaded.Select(SnapshotCompressors.Of)],
            IsFile = isFile,
            MayChain = mayChain,
        };
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_psk);
        Coding.Dispose();
        if (ownsSnapshots)
        {
            snapshots.Dispose();
        }
    }
}
