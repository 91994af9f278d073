using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Experts;

/// <summary>Picks a message's profile by its pairs of bytes: naive Bayes in integers. Immutable.</summary>
/// <remarks>The choice is coded, so it need not be the best, only the same wherever a context absorbs the message. Spec: protocol-spec/10-experts.md, section 9.</remarks>
internal sealed class ProfileDetector
{
    /// <summary>Classes of pairs.</summary>
    internal const int Buckets = 2048;

    /// <summary>Bytes that are looked at.</summary>
    internal const int Looks = 512;

    private const int HintBonus = 8 * 64; // 64 bits in favour of the profile that the hint names

    private readonly byte[] _costs; // bucket after bucket, one for each profile: eighths of a bit
    private readonly ContentHint[] _hints;

    /// <summary>Takes a table of <see cref="Buckets"/> rows, one cost for each profile.</summary>
    internal ProfileDetector(byte[] costs, IReadOnlyList<ExpertProfile> profiles)
    {
        _costs = costs;
        _hints = [.. profiles.Select(profile => profile.Hint)];
    }

    /// <summary>The table.</summary>
    internal ReadOnlySpan<byte> Costs => _costs;

    /// <summary>The bucket of a byte after another one; 256 stands before the first.</summary>
    internal static int Bucket(int before, byte value) => (int)(Mix.Hash((uint)before, value) >> 21);

    /// <summary>The profile of least cost; of equals the first. A few nanoseconds a byte and profile. spec 10.9-1</summary>
    internal int Detect(ReadOnlySpan<byte> message, ContentHint hint)
    {
        Span<int> sums = stackalloc int[_hints.Length];
        sums.Clear();
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
        for (int i = 0; i < sums.Length; i++)
        {
            if (hint != ContentHint.Auto && _hints[i] == hint)
            {
                sums[i] -= HintBonus;
            }

            if (sums[i] < sums[best])
            {
                best = i;
            }
        }

        return best;
    }
}
