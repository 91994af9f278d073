using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Snapshots;

/// <summary>
/// A model that is ready to use: its name, its fingerprint on this machine and its predictor, which it owns.
/// Thread-safe.
/// </summary>
public sealed class Snapshot : IDisposable
{
    private Snapshot(SnapshotManifest? manifest, NumericFingerprint fingerprint, Predictor predictor,
        ReadOnlyMemory<byte> zstdDictionary)
    {
        Manifest = manifest;
        Fingerprint = fingerprint;
        Predictor = predictor;
        ZstdDictionary = zstdDictionary;
    }

    /// <summary>The manifest; null for the codec without a snapshot.</summary>
    public SnapshotManifest? Manifest { get; }

    /// <summary>The manifest's hash; <see cref="SnapshotName.None"/> for the codec without a snapshot.</summary>
    public SnapshotName Name => Manifest?.Name ?? SnapshotName.None;

    /// <summary>The fingerprint that this machine computes, found equal to the manifest's.</summary>
    public NumericFingerprint Fingerprint { get; }

    /// <summary>The predictor; disposed of with the snapshot.</summary>
    internal Predictor Predictor { get; }

    /// <summary>The dictionary for blocks that zstd compresses; empty where the snapshot carries none.</summary>
    internal ReadOnlyMemory<byte> ZstdDictionary { get; }

    /// <summary>Builds the predictor and compares what it computes here with the manifest.</summary>
    /// <param name="files">The opened snapshot.</param>
    /// <param name="build">Makes the predictor from the files, which it gets through
    /// <see cref="SnapshotFiles.Read(string)"/>.</param>
    /// <exception cref="LinkException">
    /// NumericsMismatch when this machine computes other frequencies than the manifest states, or other ones alone than
    /// in a group; SnapshotAltered when the predictor's symbols or bits are not the manifest's; what
    /// <see cref="ZstdDictionaryFile.Read"/> throws, and <paramref name="build"/>. The predictor is then disposed of.
    /// </exception>
    internal static Snapshot Load(SnapshotFiles files, Func<SnapshotFiles, Predictor> build)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(build);
        ReadOnlyMemory<byte> dictionary = ZstdDictionaryFile.Read(files);
        Predictor predictor = build(files);
        try
        {
            return new Snapshot(files.Manifest, Check(files, predictor), predictor, dictionary);
        }
        catch
        {
            predictor.Dispose();
            throw;
        }
    }

    /// <summary>The codec that needs no snapshot: all-zero name and fingerprint.</summary>
    /// <param name="baseline">A predictor in pure integer arithmetic over the byte alphabet; owned by the
    /// result.</param>
    /// <exception cref="ArgumentException">The baseline has another alphabet.</exception>
    internal static Snapshot WithoutFiles(Predictor baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return baseline.AlphabetSize == Predictor.ByteAlphabet
            ? new Snapshot(null, NumericFingerprint.None, baseline, default) // spec 6.5-3
            : throw new ArgumentException($"Expected {Predictor.ByteAlphabet} symbols, found {baseline.AlphabetSize}.",
                nameof(baseline));
    }

    /// <inheritdoc/>
    public void Dispose() => Predictor.Dispose();

    private static NumericFingerprint Check(SnapshotFiles files, Predictor predictor)
    {
        SnapshotManifest manifest = files.Manifest;
        if (predictor.AlphabetSize != manifest.AlphabetSize || predictor.FrequencyBits != manifest.FrequencyBits)
        {
            throw new LinkException(
                LinkErrorCode.SnapshotAltered,
                $"{files.Location}: expected a model of {manifest.AlphabetSize} symbols and {manifest.FrequencyBits} "
                    + $"frequency bits, found {predictor.AlphabetSize} and {predictor.FrequencyBits}.");
        }

        // spec 6.4-2
        if (!NumericFingerprint.TryCompute(predictor, manifest.FrequencyBits, manifest.Probe.Span,
            out NumericFingerprint found))
        {
            throw new LinkException(
                LinkErrorCode.NumericsMismatch,
                $"{files.Location}: expected the same frequencies alone and in a group of five, found others on this "
                    + "machine.");
        }

        return found == manifest.Fingerprint
            ? found
            : throw new LinkException(
                LinkErrorCode.NumericsMismatch,
                $"{files.Location}: expected the numeric fingerprint {manifest.Fingerprint}, found {found} on this "
                    + "machine.");
    }
}
