using System.Security.Cryptography;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Runs;

/// <summary>Decodes units as they arrive, and remembers by their bytes what they decoded to: a decoder has no other input, and runs repeat units.</summary>
internal sealed class UnitDecoder(MessageCodec codec)
{
    private readonly Dictionary<string, IReadOnlyList<DecodedFrame>> _known = [];

    /// <summary>Decodes units side by side before a run needs them, which is much faster than one at a time.</summary>
    public async Task PrepareAsync(IReadOnlyList<ReadOnlyMemory<byte>> units, CancellationToken cancellationToken, Action<int>? onProgress = null)
    {
        List<ReceivedFrame> all = [];
        List<(string Key, int Start, int Count)> spans = [];
        foreach (ReadOnlyMemory<byte> unit in units)
        {
            int start = all.Count;
            if (!ReceivedFrame.TryParse(unit, all))
            {
                throw new LinkException(LinkErrorCode.Malformed, "A unit of this end's own cannot be read.");
            }

            spans.Add((KeyOf(unit.Span), start, all.Count - start));
        }

        IReadOnlyList<DecodedFrame> decoded = await codec.DecodeAsync(all, cancellationToken, onProgress);
        foreach ((string key, int start, int count) in spans)
        {
            _known[key] = [.. decoded.Skip(start).Take(count)];
        }
    }

    /// <summary>The frames of a unit; null when it is no unit.</summary>
    public IReadOnlyList<DecodedFrame>? Decode(ReadOnlySpan<byte> unit)
    {
        string key = KeyOf(unit);
        if (_known.TryGetValue(key, out IReadOnlyList<DecodedFrame>? known))
        {
            return known;
        }

        List<ReceivedFrame> frames = [];
        return ReceivedFrame.TryParse(unit.ToArray(), frames)
            ? _known[key] = codec.DecodeAsync(frames).GetAwaiter().GetResult()
            : null;
    }

    private static string KeyOf(ReadOnlySpan<byte> unit) => Convert.ToHexString(SHA256.HashData(unit));
}
