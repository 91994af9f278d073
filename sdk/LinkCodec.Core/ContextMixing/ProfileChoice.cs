namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// The code of a message's profile: the first profiles are short in a stream that begins, and the last message's is
/// likely most of the time afterwards.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 9.</remarks>
internal static class ProfileChoice
{
    private const uint Scale = 1 << ContextMixingPredictor.ScaleBits;
    private const uint Again = Scale / 16 * 15; // slots of the last message's profile

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

    // The first profile has a quarter of the scale, each of the next three a tenth, and the others share the rest.
    private static uint Start(int profile, int count, int last)
    {
        if (profile == count)
        {
            return Scale;
        }

        uint room = last < 0 ? Scale : Scale - Again;
        uint start = count <= 4 ? room / (uint)count * (uint)profile
            : profile == 0 ? 0
            : profile <= 4 ? (room / 4) + (room / 10 * ((uint)profile - 1))
            : (room / 4) + (room / 10 * 3)
                + ((room - (room / 4) - (room / 10 * 3)) / ((uint)count - 4) * ((uint)profile - 4));
        return last >= 0 && profile > last ? start + Again : start;
    }
}
