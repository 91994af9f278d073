using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>
/// The limits of a config's numbers: far above any model that can be run here, and small enough that no product of two
/// overflows.
/// </summary>
internal static class ModelLimits
{
    private const int MaxWidth = 1 << 16;
    private const int MaxLayers = 1024;
    private const int MaxHeads = 1024;
    private const int MaxHeadWidth = 1024;
    private const int MaxFeedForwardWidth = 1 << 20;
    private const int MaxVocabulary = 1 << 20;

    // Attention windows of at least this many positions change nothing here: no cache of ours is longer.
    private const long LongestCache = 4096;

    /// <summary>Refuses a config that fits no model.</summary>
    /// <exception cref="LinkException">A number is out of its range.</exception>
    internal static void Check(string path, ModelConfig config)
    {
        ModelConfig d = config;
        Range(path, "the width", d.Width, 1, MaxWidth);
        Range(path, "the number of layers", d.Layers, 1, MaxLayers);
        Range(path, "the number of heads", d.Heads, 1, MaxHeads);
        Range(path, "the number of key-value heads", d.KeyValueHeads, 1, d.Heads);
        Range(path, "a head's width", d.HeadWidth, 2, MaxHeadWidth);
        Range(path, "the feed-forward width", d.FeedForwardWidth, 1, MaxFeedForwardWidth);
        Range(path, "the vocabulary", d.Vocabulary, 2, MaxVocabulary);
        Range(path, "the context", d.Context, 1, TensorInfo.MaxDimension);
        Require(path, d.Heads % d.KeyValueHeads == 0,
            $"{d.Heads} heads cannot share {d.KeyValueHeads} key-value heads alike");
        Require(path, d.HeadWidth % 2 == 0, $"a head's width: expected an even number, found {d.HeadWidth}");
        Require(path, d.Epsilon is >= 0 and <= 1, "the norm's epsilon: expected 0 to 1");
        Require(path, d.RotaryBase is 0 or (> 1 and <= 1e15), "the rotary base: expected more than 1");
    }

    /// <summary>
    /// Refuses an attention window that our caches would outgrow; a longer one never cuts anything off.
    /// </summary>
    internal static void CheckWindow(string path, long window) =>
        Require(path, window is 0 or >= LongestCache,
            $"attention over the last {window} positions alone is not supported; expected {LongestCache} or more");

    /// <summary>Refuses with this message what does not hold.</summary>
    internal static void Require(string path, bool holds, string otherwise)
    {
        if (!holds)
        {
            throw ModelFileError.Refused(path, otherwise);
        }
    }

    /// <summary>A number of the file as a count.</summary>
    internal static int Count(string path, string what, long number) =>
        number is >= 0 and <= int.MaxValue ? (int)number : throw ModelFileError.TooLarge(path,
            $"{ModelFileError.Shown(what)}: found {number}");

    private static void Range(string path, string what, int number, int least, int most)
    {
        if (number < least || number > most)
        {
            throw ModelFileError.TooLarge(path, $"{what}: expected {least} to {most}, found {number}");
        }
    }
}
