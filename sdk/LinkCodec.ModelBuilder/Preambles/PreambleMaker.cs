using System.Globalization;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models;
using LinkCodec.Models.Language.Inference;

namespace LinkCodec.ModelBuilder.Preambles;

/// <summary>
/// Gives a language snapshot preambles: sample messages that the network reads before a message that starts cold. Both
/// ends hold them, so they cost no bits on the link.
/// </summary>
/// <remarks>Spec: protocol-spec/11-language-models.md, section 8.</remarks>
public static class PreambleMaker
{
    private const int Detected = 32; // messages that a kind's profile is detected from
    private const int Measured = 64; // messages of one measurement
    private const int MaxBytes = 6000; // bytes of those messages, but for the first

    /// <summary>
    /// Tries some preambles for each profile on messages that are not in them, and writes a snapshot with the best.
    /// Takes a minute or two a profile for a hundred million weights.
    /// </summary>
    /// <param name="snapshot">A snapshot of the family "language"; its preambles for other profiles are kept.</param>
    /// <param name="folder">Takes a copy of its files with the new preambles; may be the snapshot's own folder.</param>
    /// <param name="label">The new snapshot's label, for people: at most 64 bytes of UTF-8 without control
    /// characters.</param>
    /// <param name="samples">The sample messages of the profiles, for one profile or more.</param>
    /// <param name="progress">Told what is being done, in a few words, from the calling thread.</param>
    /// <param name="cancel">Stops the work within a message's time.</param>
    /// <returns>The manifest that was written, and the worth of each preamble.</returns>
    /// <exception cref="ArgumentException">The snapshot is of another family, the label breaks the spec, samples are
    /// too few, or there is no such profile. Nothing is written then.</exception>
    /// <exception cref="LinkException">A file is missing or altered, or NumericsMismatch: this machine must not
    /// seal.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal static (SnapshotManifest Manifest, IReadOnlyList<PreambleReport> Preambles) Make(
        SnapshotFiles snapshot, string folder, string label, IReadOnlyList<PreambleSample> samples,
        Action<string> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(progress);
        Check(snapshot, label, samples);
        progress("opening the model");
        using PreambleEvaluator meter = new(snapshot);
        string[] names = [.. meter.ContextMixing.ProfileNames];
        int[] profiles = ProfilesOf(meter, samples);
        SortedDictionary<int, int[]> preambles = new(Enumerable.Range(0, names.Length)
            .Where(p => !meter.Kept.Of(p).IsEmpty).ToDictionary(p => p, p => meter.Kept.Of(p).ToArray()));
        List<PreambleReport> reports = [];
        foreach (int profile in profiles.Distinct().Order())
        {
            preambles.Remove(profile);
            Kinds kinds = new([.. samples.Where((_, i) => profiles[i] == profile).Select(sample => sample.Messages)]);
            (PreambleCandidates.Candidate best, double without, double with) = Choose(meter, profile, kinds,
                what => progress($"{names[profile]}: {what}"), cancel);
            double bytes = kinds.Measured.Sum(message => (double)message.Length);
            reports.Add(new PreambleReport(names[profile], best.Tokens.Length, best.Messages, kinds.Measured.Count,
                without / bytes, with / bytes, with < without));
            if (with < without)
            {
                preambles.Add(profile, best.Tokens);
            }
        }

        progress("sealing");
        return (Write(snapshot, folder, label, PreambleSet.Write([.. preambles.Select(one => (one.Key, one.Value))]),
            preambles.Count > 0), reports);
    }

    /// <summary>Refuses what <see cref="Make"/> would refuse, before it takes its time.</summary>
    /// <exception cref="ArgumentException">The cases of <see cref="Make"/>.</exception>
    internal static void Check(SnapshotFiles snapshot, string label, IReadOnlyList<PreambleSample> samples)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Manifest.Family != SnapshotManifest.LanguageFamily)
        {
            throw new ArgumentException($"'{snapshot.Manifest.Label}' is of the family '{snapshot.Manifest.Family}'; "
                + "preambles are of language models.");
        }

        LanguageSealer.CheckLabel(label);
        Check(MixedSnapshot.ReadModel(snapshot).ProfileNames, samples);
    }

    /// <summary>Refuses samples that are too few or of no profile of the context mixing.</summary>
    internal static void Check(IReadOnlyList<string> names, IReadOnlyList<PreambleSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        foreach (PreambleSample sample in samples)
        {
            if (sample.Profile is not null && !names.Contains(sample.Profile))
            {
                throw new ArgumentException(
                    $"The context mixing has no profile '{sample.Profile}'; it has {string.Join(", ", names)}.");
            }

            if (sample.Messages.Count < PreambleSample.MinMessages)
            {
                throw new ArgumentException($"A preamble is made from {PreambleSample.MinMessages} messages or more, "
                    + $"and {sample.Messages.Count} were given.");
            }
        }
    }

    private static int[] ProfilesOf(PreambleEvaluator meter, IReadOnlyList<PreambleSample> samples)
    {
        using LanguagePredictor plain = meter.With(PreambleSet.None);
        using ModelSelector workspace = new(plain.Model);
        return [.. samples.Select(sample => sample.Profile is { } name
            ? meter.ContextMixing.ProfileNames.ToList().IndexOf(name)
            : PreambleCandidates.Spread(sample.Messages, Detected)
                .CountBy(message => workspace.Detect(message.Span, null)).OrderBy(one => one.Key)
                .MaxBy(one => one.Value).Key)];
    }

    private static (PreambleCandidates.Candidate Best, double Without, double With) Choose(
        PreambleEvaluator meter, int profile, Kinds kinds, Action<string> progress, CancellationToken cancel)
    {
        int separator;
        double without;
        using (LanguagePredictor plain = meter.With(PreambleSet.None))
        {
            progress("without a preamble");
            separator = plain.Model.Separator;
            without = PreambleEvaluator.Bits(plain, kinds.Measured, cancel);
        }

        PreambleCandidates.Candidate best = new([], 0);
        double least = double.MaxValue;
        IReadOnlyList<PreambleCandidates.Candidate> candidates =
            new PreambleCandidates(meter.Tokens, separator, meter.Longest).Make(kinds.Pools);
        // candidates have no tokens where the messages are no text
        for (int i = 0; i < candidates.Count && candidates[i].Tokens.Length > 0; i++)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"trying preamble {i + 1} of {candidates.Count}"));
            double bits = Measure(candidates[i], kinds.Choosing);
            (best, least) = bits < least ? (candidates[i], bits) : (best, least);
        }

        progress("measuring the best");
        return (best, without, best.Messages == 0 ? without : Measure(best, kinds.Measured));

        double Measure(PreambleCandidates.Candidate candidate, IReadOnlyList<ReadOnlyMemory<byte>> messages)
        {
            using LanguagePredictor predictor = meter.With(meter.Read(PreambleSet.Write((profile, candidate.Tokens))));
            return PreambleEvaluator.Bits(predictor, messages, cancel);
        }
    }

    private static SnapshotManifest Write(SnapshotFiles snapshot, string folder, string label, byte[] preambles,
        bool hasPreambles)
    {
        Directory.CreateDirectory(folder);
        bool isSame = Path.GetFullPath(folder) == Path.GetFullPath(snapshot.Location);

        // The manifest first: what is half replaced must not look whole.
        File.Delete(Path.Combine(folder, SnapshotFiles.ManifestPath));
        foreach (string path in LanguageSnapshot.EveryPath.Where(_ => !isSame))
        {
            File.Delete(Path.Combine(folder, path));
            if (snapshot.Names(path))
            {
                using FileStream to = File.Create(Path.Combine(folder, path));
                to.Write(snapshot.Read(path).Span);
            }
        }

        File.Delete(Path.Combine(folder, LanguageSnapshot.PreamblesPath));
        if (hasPreambles)
        {
            File.WriteAllBytes(Path.Combine(folder, LanguageSnapshot.PreamblesPath), preambles);
        }

        return LanguageSealer.WriteManifest(folder, label, snapshot.Manifest.Probe.Span, snapshot.Manifest.TokenNetwork,
            PredictorCatalog.Create);
    }

    /// <summary>
    /// The messages of a profile's kinds: four fifths may stand in a preamble, the later ones choose and measure it by
    /// turns.
    /// </summary>
    private sealed class Kinds(IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> kinds)
    {
        internal IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> Pools { get; } =
            [.. kinds.Select(kind => kind.Take(First(kind)).ToArray())];

        internal IReadOnlyList<ReadOnlyMemory<byte>> Choosing { get; } = Some(kinds, 0);

        internal IReadOnlyList<ReadOnlyMemory<byte>> Measured { get; } = Some(kinds, 1);

        private static int First(IReadOnlyList<ReadOnlyMemory<byte>> kind) => kind.Count - Math.Max(2, kind.Count / 5);

        private static ReadOnlyMemory<byte>[] Some(
            IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> kinds, int turn) =>
            [.. kinds.SelectMany(kind =>
            {
                ReadOnlyMemory<byte>[] later = [.. kind.Skip(First(kind)).Where((_, i) => i % 2 == turn)];
                long fit = MaxBytes / kinds.Count * (long)later.Length
                    / Math.Max(1, later.Sum(message => (long)message.Length));
                return PreambleCandidates.Spread(later,
                    (int)Math.Clamp(fit, 1, Math.Max(1, PreambleMaker.Measured / kinds.Count)));
            })];
    }
}
