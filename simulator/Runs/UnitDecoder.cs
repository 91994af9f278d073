using System.Security.Cryptography;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Runs;

/// <summary>Decodes units as they arrive, and remembers by their bytes what they decoded to: a decoder has no other input, and runs repeat units.</summary>
internal sealed class UnitDecoder(MessageCodec codec)
{
    private readonly Dictionary<string, IReadOnlyList<DecodedFrame>> _known = [];

    /// <summary>Decodes units side by side before a run needs them, which is much faster than one at a time.</summary>
    public async Task PrepareAsync(IReadOnlyList<ReadOnlyMemory<byte>> units, CancellationToken cancellationToken, Action<int>? onProgress = null)
    {
        List<DataFrame> all = [];
        List<(string Key, int Start, int Count)> spans = [];
        foreach (ReadOnlyMemory<byte> unit in units)
        {
            int start = all.Count;
            if (!DataFrame.TryParse(unit, all))
            {
                throw new LinkException(LinkErrorCode.Malformed, "A unit of this end's own cannot be read.");
            }

            spans.Add((KeyOf(all.Skip(start)), start, all.Count - start));
        }

        IReadOnlyList<DecodedFrame> decoded = await codec.DecodeAsync(all, cancellationToken, onProgress);
        foreach ((string key, int start, int count) in spans)
        {
            _known[key] = [.. decoded.Skip(start).Take(count)];
        }
    }

    /// <summary>What the frames of a unit hold.</summary>
    public IReadOnlyList<DecodedFrame> Decode(IReadOnlyList<DataFrame> unit)
    {
        string key = KeyOf(unit);
        return _known.TryGetValue(key, out IReadOnlyList<DecodedFrame>? known)
            ? known
            : _known[key] = codec.DecodeAsync(unit).GetAwaiter().GetResult();
    }

    // Frames that differ in a field or in their payload are not the same unit.
    private static string KeyOf(IEnumerable<DataFrame> unit) => string.Concat(unit.Select(frame =>
        $"{frame with { Payload = default }} {Convert.ToHexString(SHA256.HashData(frame.Payload.Span))} "));
}
