using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Inference;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>Finds how large keys and values get, in the float network over sample text.</summary>
internal static class KvCacheCalibrator
{
    /// <summary>Tokens that are looked at.</summary>
    internal const int MaxTokens = 2040;

    private const int RowTokens = 255;

    /// <summary>Reads rows of the begin token and up to 255 more, each from an empty cache.</summary>
    /// <param name="network">The reference network.</param>
    /// <param name="shape">The network's shape.</param>
    /// <param name="begin">The token before each row.</param>
    /// <param name="tokens">The sample text's; no escapes.</param>
    /// <param name="cancel">Stops between rows.</param>
    internal static KvCacheRanges Measure(OnnxTransformer network, TransformerShape shape, int begin,
        ReadOnlySpan<int> tokens, CancellationToken cancel)
    {
        KvCacheRanges ranges = new(
            [.. Enumerable.Range(0, shape.Layers).Select(_ => new float[shape.KeyValueHeads])],
            [.. Enumerable.Range(0, shape.Layers).Select(_ => new float[shape.KeyValueHeads])]);
        using OnnxKvCache cache = network.CreateGraphCache(1);
        int length = Math.Min(RowTokens, shape.Window - 1);
        tokens = tokens[..Math.Min(tokens.Length, MaxTokens)];
        for (int first = 0; first < tokens.Length; first += length)
        {
            cancel.ThrowIfCancellationRequested();
            cache.Append(0, [begin, .. tokens.Slice(first, Math.Min(length, tokens.Length - first))], 1);
            for (int layer = 0; layer < shape.Layers; layer++)
            {
                cache.RaiseRanges(0, layer, ranges.Keys[layer], ranges.Values[layer]);
            }

            cache.Truncate(0, 0);
        }

        bool isSound = ranges.Keys.Concat(ranges.Values)
            .All(row => row.All(range => float.IsFinite(range) && range > 0));
        return isSound ? ranges : throw new LinkException(LinkErrorCode.Malformed,
            "The model cannot be imported: its keys or values are zero or not finite on the calibration text.");
    }
}
