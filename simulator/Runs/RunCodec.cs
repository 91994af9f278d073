using LinkCodec.Core.Primitives;
using LinkCodec.Models;
using LinkCodec.Peers;

namespace LinkCodec.Simulator.Runs;

/// <summary>A codec in a comparison over a link: what it makes of a message before LinkCodec's own coding, and back.</summary>
/// <remarks>What another compressor makes of messages travels as LinkCodec carries what its application says is compressed already: in the same
/// frames, many in a datagram, and uncoded.</remarks>
internal sealed class RunCodec : IDisposable
{
    private readonly IPeerCodec? _peer;

    private RunCodec(string name, IPeerCodec? peer, LinkSnapshots snapshots) => (Name, _peer, Snapshots) = (name, peer, snapshots);

    /// <summary>As on the command line.</summary>
    public string Name { get; }

    /// <summary>Whether messages are another compressor's, and are carried as they are.</summary>
    public bool IsBaseline => _peer is not null;

    /// <summary>What both ends of the link hold.</summary>
    public LinkSnapshots Snapshots { get; }

    /// <summary>LinkCodec itself.</summary>
    /// <exception cref="LinkException">No such snapshot, or it is damaged.</exception>
    public static RunCodec LinkCodec(string snapshot, ModelDevice device = default) =>
        new("linkcodec", null, LinkSnapshots.Load([snapshot], device));

    /// <summary>Another compressor, owned from here on.</summary>
    public static RunCodec Of(string name, IPeerCodec peer) => new(name, peer, LinkSnapshots.Load([LinkSnapshots.None]));

    /// <summary>A message as it is given to the sender; one that a compressor would make larger goes as it is.</summary>
    /// <exception cref="LinkException">The compressor failed.</exception>
    public ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> message)
    {
        if (_peer is null)
        {
            return message;
        }

        try
        {
            byte[] compressed = _peer.Compress(message.Span);
            return compressed.Length < message.Length ? compressed : message;
        }
        catch (PeerException e)
        {
            throw new LinkException(e.Message);
        }
    }

    /// <summary>The message again.</summary>
    /// <param name="received">What came out of the link.</param>
    /// <param name="length">The message's length in bytes: other compressors are told it for nothing.</param>
    /// <exception cref="LinkException">What came is no message of the compressor's.</exception>
    public ReadOnlyMemory<byte> Restore(ReadOnlyMemory<byte> received, int length)
    {
        try
        {
            return _peer is null || received.Length >= length ? received : _peer.Decompress(received.Span, length);
        }
        catch (PeerException e)
        {
            throw new LinkException(e.Message);
        }
    }

    public void Dispose()
    {
        _peer?.Dispose();
        Snapshots.Dispose();
    }
}
