using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Picks a message's profile by its pairs of bytes, its beginning, its length and whether it has lines: naive Bayes in
/// integers. Immutable.
/// </summary>
/// <remarks>
/// The choice is coded, so it need not be the best, only the same wherever a context absorbs the message. Spec:
/// protocol-spec/10-context-mixing.md, section 9.
/// </remarks>
internal sealed class ProfileDetector
{
    /// <summary>Rows of the table: classes of pairs, and those of the whole message.</summary>
    internal const int Buckets = Pairs + (3 * Traits);

    private const int Pairs = 2048;
    private const int Traits = 64; // buckets of each kind of trait
    private const int TraitWeight = 12; // pairs of one message resemble each other: their sum says too much

    /// <summary>Bytes that are looked at.</summary>
    internal const int Looks = 512;

    private const int HintBonus = 8 * 64; // 64 bits in favour of the profile that the hint names
    private const int SameBonus = 8 * 32; // 32 bits in favour of the last message's: its weights have adapted

    private readonly byte[] _costs; // bucket after bucket, one for each profile: eighths of a bit
    private readonly ContentHint[] _hints;

    /// <summary>Takes a table of <see cref="Buckets"/> rows, one cost for each profile.</summary>
    internal ProfileDetector(byte[] costs, IReadOnlyList<MixingProfile> profiles)
    {
        _costs = costs;
        _hints = [.. profiles.Select(profile => profile.Hint)];
    }

    /// <summary>The table.</summary>
    internal ReadOnlySpan<byte> Costs => _costs;

    /// <summary>The bucket of a byte after another one; 256 stands before the first.</summary>
    internal static int Bucket(int before, byte value) => (int)(ContextHash.Of((uint)before, value) >> 21);

    /// <summary>Whether a bucket is one of <see cref="TraitBuckets"/>.</summary>
    internal static bool IsTrait(int bucket) => bucket >= Pairs;

    /// <summary>The buckets of a message's traits: lines and length, the first byte, the second.</summary>
    internal static (int Form, int First, int Second) TraitBuckets(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> seen = message[..Math.Min(message.Length, Looks)];
        int form = (seen.Contains((byte)'\n') ? 32 : 0) + Math.Min(int.Log2(message.Length + 1), 31);
        uint first = message.Length > 0 ? message[0] : 256u;
        uint second = message.Length > 1 ? message[1] : 256u;
        return (Pairs + form, Pairs + Traits + (int)(ContextHash.Of(first, 31) >> 26),
            Pairs + (2 * Traits) + (int)(ContextHash.Of(second, 32) >> 26));
    }

    /// <summary>
    /// The profile of least cost; of equals the first. A few nanoseconds a byte and profile. spec 10.9-1
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="hint">The kind of content that the application says the message is.</param>
    /// <param name="last">The last message's profile; -1 for none.</param>
    internal int Detect(ReadOnlySpan<byte> message, ContentHint hint, int last)
    {
        Span<int> sums = stackalloc int[_hints.Length];
        return Detect(message, hint, last, sums);
    }

    /// <summary>
    /// Finds the profile of least cost and tells what each profile costs, in eighths of a bit; only the differences
    /// mean something.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="hint">The kind of content that the application says the message is.</param>
    /// <param name="last">The last message's profile; -1 for none.</param>
    /// <param name="sums">Gets the cost of each profile.</param>
    internal int Detect(ReadOnlySpan<byte> message, ContentHint hint, int last, Span<int> sums)
    {
        (int form, int first, int second) = TraitBuckets(message);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = TraitWeight * (Cost(form, i) + Cost(first, i) + Cost(second, i));
            sums[i] -= hint != ContentHint.Auto && _hints[i] == hint ? HintBonus : 0;
            sums[i] -= i == last ? SameBonus : 0;
        }

        int before = 256;
        foreach (byte value in message[..Math.Min(message.Length, Looks)])
        {
            ReadOnlySpan<byte> costs = _costs.AsSpan(Bucket(before, value) * sums.Length, sums.Length);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += costs[i];
            }

            before = value;
        }

        int best = 0;
        for (int i = 1; i < sums.Length; i++)
        {
            best = sums[i] < sums[best] ? i : best;
        }

        return best;
    }

    private int Cost(int bucket, int profile) => _costs[(bucket * _hints.Length) + profile];
}
