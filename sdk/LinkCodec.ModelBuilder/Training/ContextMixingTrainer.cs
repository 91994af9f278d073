using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// Trains a model's maps, weights and detector on sample messages: once over everything for all profiles together, then
/// each on its own.
/// </summary>
/// <remarks>
/// Deterministic, whatever the number of threads. Costs about 40 microseconds a byte and pass with a network, 10
/// without. The networks should not have been trained on the very messages too often: a mixer that only ever sees a
/// network's best days trusts it too much.
/// </remarks>
internal sealed class ContextMixingTrainer
{
    /// <summary>Profiles at most.</summary>
    public const int MaxProfiles = MixingModel.MaxProfiles;

    /// <summary>Bytes of a dictionary at most.</summary>
    public const int MaxDictionaryBytes = ContextMixingFile.LargestDictionary;

    private const int OwnPasses = 2;
    private readonly IReadOnlyList<ProfileSpec> _specs;
    private readonly IReadOnlyList<ByteModel> _networks;
    private readonly PresetDictionary? _dictionary;

    /// <summary>Takes what is to be trained.</summary>
    /// <param name="profiles">The profiles, 1 to 32.</param>
    /// <param name="networks">The networks that the profiles name; referred to until <see cref="Train"/> has
    /// returned.</param>
    /// <param name="dictionary">Sample text for the model to look matches up in, none of it in the runs; may be
    /// empty.</param>
    /// <exception cref="ArgumentException">A profile breaks its limits.</exception>
    public ContextMixingTrainer(IReadOnlyList<ProfileSpec> profiles, IReadOnlyList<ByteModel> networks,
        ReadOnlySpan<byte> dictionary)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(networks);
        foreach (ProfileSpec spec in profiles)
        {
            if (spec.Name.Length is 0 or > 32 || spec.Name.AsSpan().ContainsAnyExceptInRange('!', '~')
                || spec.Network < -1 || spec.Network >= networks.Count
                || spec.Rate < 0 || spec.StartRate < 0 || spec.Rate + spec.StartRate > 1023)
            {
                throw new ArgumentException($"The profile '{spec.Name}' breaks a limit.", nameof(profiles));
            }
        }

        if (profiles.Count is 0 or > MixingModel.MaxProfiles)
        {
            throw new ArgumentException($"Expected 1 to {MixingModel.MaxProfiles} profiles.", nameof(profiles));
        }

        (_specs, _networks) = (profiles, networks);
        _dictionary = dictionary.IsEmpty ? null : new PresetDictionary(dictionary.ToArray());
    }

    /// <summary>Trains a model from messages.</summary>
    /// <param name="runs">The messages, in any order; each profile should have some.</param>
    /// <param name="forAll">Calls its second argument with each number below the first, in any order, on as many
    /// threads as it likes; returns when all have.</param>
    /// <param name="log">Told of progress, in lines; called from any thread.</param>
    /// <returns>The bytes of "context-mixing.bin" and of "dictionary.bin"; the latter empty without a
    /// dictionary.</returns>
    public (byte[] Model, byte[] Dictionary) Train(IReadOnlyList<TrainingRun> runs, Action<int, Action<int>> forAll,
        Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(forAll);
        ArgumentNullException.ThrowIfNull(log);
        MixingProfile start = ProfileStart.Make(_specs[0], 0);
        MixingProfile[] together = [.. _specs.Select((spec, number) => ProfileStart.Share(start, spec, number))];
        Pass(together, Shuffle(runs, 1), "all", 0, 1, fast: 8, log);

        MixingProfile[] own = [.. together.Select(ProfileStart.Copy)];
        forAll(own.Length, number =>
        {
            TrainingRun[] mine = [.. runs.Where(run => run.Profile == number)];
            for (int pass = 0; pass < OwnPasses && mine.Length > 0; pass++)
            {
                Pass(own, Shuffle(mine, pass + 2), own[number].Name, pass, OwnPasses, fast: 4, log);
            }
        });
        foreach (MixingProfile profile in own)
        {
            ProfileStart.Round(profile);
        }

        MixingModel model = new(own, DetectorTraining.Costs(runs, own.Length), _dictionary);
        return (ContextMixingFile.Write(model), _dictionary is null ? [] : ContextMixingFile.Wrap(_dictionary.Text));
    }

    // Rates fall from `fast` quarters over the profiles' own to these.
    private void Pass(MixingProfile[] profiles, TrainingRun[] runs, string name, int pass, int passes, int fast,
        Action<string> log)
    {
        TrainingRates rates = new();
        using TrainingCoder coder = new(_networks, _dictionary, rates);
        for (int i = 0; i < runs.Length; i++)
        {
            int done = ((pass * 1000) + (i * 1000 / runs.Length)) / passes; // progress in thousandths
            rates.RateQuarters = 4 + Math.Max(0, fast * (1000 - (done * 6 / 5)) / 1000);
            rates.FinalRate = Math.Max(2, 12 * fast * (1000 - done) / 16000);
            rates.MapShift = done < 200 ? 6 : done < 500 ? 7 : 8;
            coder.Run(runs[i], profiles[runs[i].Profile]);
        }

        log($"{name}, pass {pass + 1} of {passes}: {coder.Bytes} bytes at {coder.Rate} bits a byte");
    }

    // A fixed order that looks random: sorted by the hash of the place.
    private static TrainingRun[] Shuffle(IReadOnlyList<TrainingRun> runs, int seed) =>
        [.. runs.Select((run, index) => (Run: run, Key: ContextHash.Of((uint)index, (uint)seed)))
            .OrderBy(pair => pair.Key).Select(pair => pair.Run)];
}
