using LinkCodec.Baselines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;
using LinkCodec.Models;

namespace LinkCodec.Simulator.Runs;

/// <summary>
/// A codec in a comparison over a link: what it makes of a message before LinkCodec's own coding, and back.
/// </summary>
/// <remarks>
/// What a baseline has made travels as LinkCodec carries what its application says is compressed already: in the same
/// frames and uncoded. It is made of single messages, many of which share a datagram, or of blocks: as many messages as
/// fill a datagram when they are compressed together.
/// </remarks>
internal sealed class RunCodec : IDisposable
{
    private const int MostRestored = 1 << 26;

    private readonly IBaselineCodec? _baseline;
    private readonly BlockCodec? _blocks;

    private RunCodec(string name, IBaselineCodec? baseline, LinkSnapshots snapshots, bool fillsSegments = false)
    {
        (Name, _baseline, Snapshots) = (name, baseline, snapshots);
        _blocks = fillsSegments ? new BlockCodec(baseline!) : null;
    }

    /// <summary>The codec's name as on the command line.</summary>
    public string Name { get; }

    /// <summary>Whether messages are another compressor's, and are carried as they are.</summary>
    public bool IsBaseline => _baseline is not null;

    /// <summary>The snapshots that both ends of the link hold.</summary>
    public LinkSnapshots Snapshots { get; }

    /// <summary>LinkCodec itself.</summary>
    /// <exception cref="LinkException">There is no such snapshot, or it is damaged.</exception>
    public static RunCodec LinkCodec(string snapshot, ModelDevice device = default) =>
        new("linkcodec", null, LinkSnapshots.Load([snapshot], device));

    /// <summary>A codec of a baseline, owned from here on.</summary>
    /// <param name="name">The codec's name.</param>
    /// <param name="baseline">The baseline.</param>
    /// <param name="fillsSegments">Whether it makes blocks that fill a datagram, not single messages.</param>
    public static RunCodec Of(string name, IBaselineCodec baseline, bool fillsSegments = false) =>
        new(name, baseline, LinkSnapshots.Load([LinkSnapshots.None]), fillsSegments);

    /// <summary>All messages as they are given to the sender.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="mtu">Bytes of the link's longest datagram.</param>
    /// <exception cref="BaselineException">The compressor failed.</exception>
    public IReadOnlyList<Parcel> Pack(IReadOnlyList<ReadOnlyMemory<byte>> messages, int mtu) => _blocks is null
        ? [.. messages.Select((message, index) => new Parcel(Compress(message), index, 1))]
        : [.. new SegmentFiller(_blocks, number => SegmentRoom.Of(mtu, number)).Fill(messages)
            .Select(block => new Parcel(block.Content, block.First, block.Count))];

    /// <summary>The messages again.</summary>
    /// <param name="received">What came out of the link.</param>
    /// <param name="length">Bytes of the message, if it is a single one: other compressors are told it for nothing. A
    /// block says all that is needed.</param>
    /// <exception cref="BaselineException">What came is none of the compressor's.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Restore(ReadOnlyMemory<byte> received, int length) =>
        _blocks is not null
            ? [.. _blocks.Unpack(received.Span, MostRestored).Select(message => (ReadOnlyMemory<byte>)message)]
            : [_baseline is null || received.Length >= length ? received : _baseline.Decompress(received.Span, length)];

    public void Dispose()
    {
        _baseline?.Dispose();
        Snapshots.Dispose();
    }

    // What a compressor would make larger goes as it is.
    private ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> message)
    {
        byte[]? compressed = _baseline?.Compress(message.Span);
        return compressed?.Length < message.Length ? compressed : message;
    }
}

/// <summary>What the sender is given at once: a message, or several that a codec has put together.</summary>
/// <param name="Content">The bytes that the sender sends as one message.</param>
/// <param name="First">The index of the first message in it.</param>
/// <param name="Count">How many messages it holds.</param>
internal readonly record struct Parcel(ReadOnlyMemory<byte> Content, int First, int Count);
