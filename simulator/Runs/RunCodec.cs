using LinkCodec.Baselines;
using LinkCodec.Core.Primitives;
using LinkCodec.Models;

namespace LinkCodec.Simulator.Runs;

/// <summary>
/// A codec in a comparison over a link: what it makes of a message before LinkCodec's own coding, and back.
/// </summary>
/// <remarks>
/// A baseline's coded messages travel as LinkCodec carries what its application says is compressed already: in the same
/// frames, many in a datagram, and uncoded.
/// </remarks>
internal sealed class RunCodec : IDisposable
{
    private readonly IBaselineCodec? _baseline;

    private RunCodec(string name, IBaselineCodec? baseline, LinkSnapshots snapshots) =>
        (Name, _baseline, Snapshots) = (name, baseline, snapshots);

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
    public static RunCodec Of(string name, IBaselineCodec baseline) =>
        new(name, baseline, LinkSnapshots.Load([LinkSnapshots.None]));

    /// <summary>
    /// A message as it is given to the sender; one that a compressor would make larger goes as it is.
    /// </summary>
    /// <exception cref="BaselineException">The compressor failed.</exception>
    public ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> message)
    {
        byte[]? compressed = _baseline?.Compress(message.Span);
        return compressed?.Length < message.Length ? compressed : message;
    }

    /// <summary>The message again.</summary>
    /// <param name="received">The message that came out of the link.</param>
    /// <param name="length">The message's length in bytes: other compressors are told it for nothing.</param>
    /// <exception cref="BaselineException">The message is none of the compressor's.</exception>
    public ReadOnlyMemory<byte> Restore(ReadOnlyMemory<byte> received, int length) =>
        _baseline is null || received.Length >= length ? received : _baseline.Decompress(received.Span, length);

    public void Dispose()
    {
        _baseline?.Dispose();
        Snapshots.Dispose();
    }
}
