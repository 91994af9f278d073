using System.Globalization;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Models.Zstd;
using LinkCodec.Tests.Coding;

namespace LinkCodec.Tests.Zstd;

/// <summary>Messages, and small dictionaries that were trained on others of their kind.</summary>
internal static class TestBlocks
{
    private static readonly Lazy<byte[]> Trained = new(() => Train("buoy"));
    private static readonly Lazy<byte[]> TrainedOtherwise = new(() => Train("node"));

    public static byte[] Dictionary => Trained.Value;

    public static byte[] OtherDictionary => TrainedOtherwise.Value;

    public static BlockCompressor Compressor(bool hasDictionary) =>
        new ZstdCompressorFactory(hasDictionary ? Dictionary : [], "test").Create();

    public static byte[] Line(int i, string name = "buoy") => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{name} {i % 9} reports depth {i * 37 % 101}.{i * 7 % 10} m, "
            + $"current {i * 13 % 8} knots, all {(i % 5 == 0 ? "sensors" : "well")}"));

    public static ReadOnlyMemory<byte>[] Lines(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)Line(i))];

    /// <summary>Text with more or less noise in it, of any length up to the limit.</summary>
    public static byte[] Content(TestRandom random, int limit)
    {
        byte[] content = new byte[(int)Math.Min(limit, random.Skewed(17))];
        int noise = random.Next(4);
        for (int i = 0, line = random.Next(1000); i < content.Length; line++)
        {
            byte[] piece = random.Next(4) < noise ? random.Bytes(1 + random.Next(40)) : Line(line);
            int length = Math.Min(piece.Length, content.Length - i);
            piece.AsSpan(0, length).CopyTo(content.AsSpan(i));
            i += length;
        }

        return content;
    }

    public static TrainingRecipe Recipe(int zstdKilobytes) => new(
        [new ProfileRule(new ProfileSpec("all", ContentHint.Auto, -1, IsBinary: false, 10, 30), ["*"])], 1, 1, [],
        [new DictionaryRule("*", zstdKilobytes)]);

    private static byte[] Train(string name) => ZstdDictionaryTrainer.Train(Recipe(100), [new TrainingFile("lines.txt",
        [.. Enumerable.Range(5_000, 2_000).Select(i => (ReadOnlyMemory<byte>)Line(i, name))])]);
}
