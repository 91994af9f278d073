namespace LinkCodec.Core.Experts;

/// <summary>How a message's profile is coded: all alike in a stream that begins, and the last one again most of the time afterwards.</summary>
/// <remarks>Spec: protocol-spec/10-experts.md, section 9.</remarks>
internal static class ProfileChoice
{
    private const uint Scale = 1 << ExpertPredictor.ScaleBits;
    private const uint Again = Scale / 16 * 15; // the last one's slots

    /// <summary>A profile's slice of the scale. spec 10.9-2</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="count">Profiles in all.</param>
    /// <param name="last">The last message's profile; -1 for none.</param>
    internal static (uint Cumulative, uint Frequency) Interval(int profile, int count, int last)
    {
        uint start = Start(profile, count, last);
        return (start, Start(profile + 1, count, last) - start);
    }

    /// <summary>The profile whose slice holds a position.</summary>
    internal static int Find(uint position, int count, int last, out uint cumulative, out uint frequency)
    {
        int profile = 0;
        while (profile < count - 1 && Start(profile + 1, count, last) <= position)
        {
            profile++;
        }

        (cumulative, frequency) = Interval(profile, count, last);
        return profile;
    }

    private static uint Start(int profile, int count, int last) =>
        profile == count ? Scale
        : last < 0 ? Scale / (uint)count * (uint)profile
        : ((Scale - Again) / (uint)count * (uint)profile) + (profile > last ? Again : 0);
}
