using LinkCodec.Core.ContextMixing;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>Gives a model whose profiles consult networks the same profiles without, for messages that have to be coded
/// faster than its networks can.</summary>
internal static class LightProfiles
{
    /// <summary>Joins two models that were trained on the same kinds of messages.</summary>
    /// <param name="full">The model, with networks.</param>
    /// <param name="light">A model without any: its profiles come behind the others, under the same names and a
    /// mark.</param>
    /// <exception cref="ArgumentException">The second model has networks, or there are too many profiles.</exception>
    public static MixingModel Join(MixingModel full, MixingModel light)
    {
        HashSet<string> withNetworks =
            [.. full.Profiles.Where(profile => profile.Network >= 0).Select(profile => profile.Name)];
        MixingProfile[] added = [.. light.Profiles.Where(profile => withNetworks.Contains(profile.Name))];
        int count = full.Profiles.Count + added.Length;
        if (light.NetworkCount > 0 || count > MixingModel.MaxProfiles)
        {
            throw new ArgumentException("A light model has no networks, and both not too many profiles.",
                nameof(light));
        }

        MixingProfile[] profiles = [.. full.Profiles,
            .. added.Select((profile, i) => Light(profile, full.Profiles.Count + i))];
        ReadOnlySpan<byte> own = full.Detector.Costs;
        ReadOnlySpan<byte> others = light.Detector.Costs;
        int rows = own.Length / full.Profiles.Count;
        byte[] costs = new byte[rows * count];
        for (int row = 0; row < rows; row++)
        {
            own.Slice(row * full.Profiles.Count, full.Profiles.Count).CopyTo(costs.AsSpan(row * count));
            for (int i = 0; i < added.Length; i++)
            {
                costs[(row * count) + full.Profiles.Count + i] = others[(row * light.Profiles.Count) + added[i].Number];
            }
        }

        return new MixingModel(profiles, costs, full.Dictionary);
    }

    private static MixingProfile Light(MixingProfile profile, int number) => new()
    {
        Number = number,
        Name = profile.Name + MixingModel.LightMark,
        Hint = profile.Hint,
        Network = -1,
        IsBinary = profile.IsBinary,
        Rate = profile.Rate,
        StartRate = profile.StartRate,
        RunMap = profile.RunMap,
        CounterMap = profile.CounterMap,
        ExpectedByteMap = profile.ExpectedByteMap,
        EndMap = profile.EndMap,
        DifferenceMap = profile.DifferenceMap,
        Weights = profile.Weights,
        FinalWeights = profile.FinalWeights,
        EndWeights = profile.EndWeights,
    };
}
