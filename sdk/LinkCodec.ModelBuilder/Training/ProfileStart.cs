using LinkCodec.Core.ContextMixing;
namespace LinkCodec.ModelBuilder.Training;

/// <summary>Profiles before training, and copies of them.</summary>
internal static class ProfileStart
{
    private const ushort LikelyRight = 49152;

    /// <summary>A profile that trusts the network most and every other input a little.</summary>
    internal static MixingProfile Make(ProfileSpec spec, int number)
    {
        MixingProfile profile = With(spec, number, null);
        Array.Fill(profile.RunMap, LikelyRight);
        Array.Fill(profile.ExpectedByteMap, LikelyRight);
        Array.Fill(profile.EndMap, (ushort)600);
        Array.Fill(profile.DifferenceMap, DifferenceModel.TrainingScale / 256);
        for (int i = 0; i < profile.CounterMap.Length; i++)
        {
            profile.CounterMap[i] = (ushort)(((i & 63) * 1024) + 512);
        }

        for (int i = 0; i < profile.Weights.Length; i++)
        {
            int input = i % MixingLayout.Inputs;
            profile.Weights[i] = input == MixingLayout.NetworkInput ? 10000 : input < MixingLayout.BiasInput ? 1500 : 0;
        }

        for (int i = 0; i < profile.FinalWeights.Length; i++)
        {
            profile.FinalWeights[i] = i % MixingLayout.FinalInputs < MixingLayout.Sets ? 16384 / MixingLayout.Sets : 0;
        }

        for (int i = 0; i < profile.EndWeights.Length; i++)
        {
            int input = i % MixingLayout.EndInputs;
            profile.EndWeights[i] = input == 0 ? 12000 : input < MixingLayout.EndInputs - 1 ? 1000 : 0;
        }

        return profile;
    }

    /// <summary>A profile of its own name and rates over another's maps and weights.</summary>
    internal static MixingProfile Share(MixingProfile profile, ProfileSpec spec, int number) =>
        With(spec, number, profile);

    /// <summary>A profile with maps and weights of its own, equal to another's.</summary>
    internal static MixingProfile Copy(MixingProfile profile) => new()
    {
        Number = profile.Number,
        Name = profile.Name,
        Hint = profile.Hint,
        Network = profile.Network,
        IsBinary = profile.IsBinary,
        Rate = profile.Rate,
        StartRate = profile.StartRate,
        RunMap = [.. profile.RunMap],
        CounterMap = [.. profile.CounterMap],
        ExpectedByteMap = [.. profile.ExpectedByteMap],
        EndMap = [.. profile.EndMap],
        DifferenceMap = [.. profile.DifferenceMap],
        Weights = [.. profile.Weights],
        FinalWeights = [.. profile.FinalWeights],
        EndWeights = [.. profile.EndWeights],
    };

    /// <summary>
    /// Rounds what was trained to fewer bits, which compress better and cost nothing that can be measured.
    /// </summary>
    internal static void Round(MixingProfile profile)
    {
        foreach (ushort[] map in (ushort[][])[profile.RunMap, profile.CounterMap, profile.ExpectedByteMap,
            profile.EndMap])
        {
            for (int i = 0; i < map.Length; i++)
            {
                int p = map[i];
                int step = p is < 2048 or > 63488 ? 8 : 128; // steps are small near the ends, which matter most
                map[i] = (ushort)Math.Clamp((p + (step / 2)) / step * step, 24, 65511);
            }
        }

        for (int i = 0; i < profile.DifferenceMap.Length; i++)
        {
            profile.DifferenceMap[i] = DifferenceModel.Round(profile.DifferenceMap[i]);
        }

        foreach (int[] weights in (int[][])[profile.Weights, profile.FinalWeights, profile.EndWeights])
        {
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (weights[i] + 16) & ~31;
            }
        }
    }

    private static MixingProfile With(ProfileSpec spec, int number, MixingProfile? shared)
    {
        MixingProfile own = new()
        {
            Number = number,
            Name = spec.Name,
            Hint = spec.Hint,
            Network = spec.Network,
            IsBinary = spec.IsBinary,
            Rate = spec.Rate,
            StartRate = spec.StartRate,
        };
        return shared is null ? own : new()
        {
            Number = own.Number,
            Name = own.Name,
            Hint = own.Hint,
            Network = own.Network,
            IsBinary = own.IsBinary,
            Rate = own.Rate,
            StartRate = own.StartRate,
            RunMap = shared.RunMap,
            CounterMap = shared.CounterMap,
            ExpectedByteMap = shared.ExpectedByteMap,
            EndMap = shared.EndMap,
            DifferenceMap = shared.DifferenceMap,
            Weights = shared.Weights,
            FinalWeights = shared.FinalWeights,
            EndWeights = shared.EndWeights,
        };
    }
}
