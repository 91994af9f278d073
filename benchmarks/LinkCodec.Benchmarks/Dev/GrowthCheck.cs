using System.Security.Cryptography;
using LinkCodec.Baselines;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>What becomes of input that cannot be made smaller.</summary>
internal static class GrowthCheck
{
    private const int Large = 100_000;

    /// <summary>Measures; every message is decoded and compared.</summary>
    /// <param name="model">The snapshot's predictor.</param>
    /// <param name="text">Something that compresses, to make compressed input of.</param>
    public static List<GrowthFigures> Measure(Predictor model, IReadOnlyList<byte[]> text)
    {
        using BrotliBaseline brotli = new();
        using DeflateBaseline deflate = new();
        byte[] all = [.. text.SelectMany(piece => piece)];
        byte[] archive = deflate.Compress(all);
        return
        [
            Of("random bytes, every length of 1 to 400 and 401 to 1,000 by 29", model,
                [.. Lengths().Select(length => Random(length, length))]),
            Of("random bytes, one message of 100,000", model, [Random(Large, Large)]),
            Of("brotli 11 of each piece of text", model, [.. text.Select(piece => brotli.Compress(piece))]),
            Of("deflate 9 of all that text, in pieces of 1,000 bytes", model, [.. archive.Chunk(1000)]),
        ];
    }

    private static GrowthFigures Of(string name, Predictor model, byte[][] messages)
    {
        CodedMessages[] encoded = ColdMeasurement.Encode(model, messages);
        ColdMeasurement.Verify(model, messages, Samples.Units(encoded));
        return new GrowthFigures(
            name,
            messages.Length,
            messages.Sum(message => (long)message.Length),
            encoded.Max(message => message.CodedLength - message.Sources[0].Content.Length),
            encoded.Max(message => message.FramedLength - message.Sources[0].Content.Length));
    }

    private static IEnumerable<int> Lengths() =>
        Enumerable.Range(1, 400).Concat(Enumerable.Range(0, 21).Select(i => 401 + (29 * i)));

    // The same in every run: SHA-256 in counter mode.
    private static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        byte[] counter = new byte[8];
        for (int at = 0; at < length; at += 32)
        {
            BitConverter.TryWriteBytes(counter, seed);
            BitConverter.TryWriteBytes(counter.AsSpan(4), at);
            byte[] block = SHA256.HashData(counter);
            block.AsSpan(0, Math.Min(32, length - at)).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }
}
