using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Snapshots;

/// <summary>
/// A hash of the frequencies that a machine computes with a model for a fixed probe: equal weights that are computed
/// otherwise show here.
/// </summary>
/// <remarks>Spec: protocol-spec/06-snapshots.md, section 4.</remarks>
public readonly struct NumericFingerprint : IEquatable<NumericFingerprint>
{
    /// <summary>Bytes in a fingerprint.</summary>
    public const int Size = 32;

    private readonly Digest _digest;

    /// <summary>A fingerprint from its 32 bytes.</summary>
    /// <exception cref="ArgumentException">The bytes are not 32.</exception>
    public NumericFingerprint(ReadOnlySpan<byte> bytes) => _digest = new Digest(bytes);

    /// <summary>The fingerprint of the codec without a snapshot, whose integer arithmetic has none: all zero.</summary>
    public static NumericFingerprint None => default; // spec 6.5-3

    /// <summary>The first four bytes, read big-endian.</summary>
    public uint ShortId => _digest.ShortId;

    /// <summary>Computes the fingerprint twice, alone and within a group of lanes.</summary>
    /// <param name="predictor">Any predictor of an alphabet of 256 symbols or more.</param>
    /// <param name="frequencyBits">Binary logarithm of the frequencies' sum, as in the manifest.</param>
    /// <param name="probe">The manifest's probe, at most 4,096 bytes.</param>
    /// <param name="fingerprint">The fingerprint that the first way gives.</param>
    /// <returns>Whether both ways agree. If they don't, this machine must not use the model. Costs six steps of one
    /// lane for each byte of the probe; for a model that decodes in another way than it encodes, decoding the probe as
    /// well, whose messages must come out whole.</returns>
    /// <exception cref="ArgumentException">The alphabet is smaller than a byte's, the bits are out of range or the
    /// probe is too long.</exception>
    internal static bool TryCompute(Predictor predictor, int frequencyBits, ReadOnlySpan<byte> probe,
        out NumericFingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentOutOfRangeException.ThrowIfLessThan(predictor.AlphabetSize, 256, nameof(predictor));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probe.Length, SnapshotLimits.ProbeBytes, nameof(probe));

        // spec 6.4-2
        fingerprint = FingerprintProbe.Run(predictor, frequencyBits, probe, lanes: 1, watched: 0);
        return fingerprint == FingerprintProbe.Run(predictor, frequencyBits, probe, lanes: 5, watched: 3)
            && FingerprintProbe.Decodes(predictor, probe, lanes: 5);
    }

    /// <summary>Whether two fingerprints are the same.</summary>
    public static bool operator ==(NumericFingerprint a, NumericFingerprint b) => a.Equals(b);

    /// <summary>Whether two fingerprints differ.</summary>
    public static bool operator !=(NumericFingerprint a, NumericFingerprint b) => !a.Equals(b);

    /// <summary>Writes the 32 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void CopyTo(Span<byte> destination) => _digest.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(NumericFingerprint other) => _digest == other._digest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NumericFingerprint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _digest.GetHashCode();

    /// <summary>The fingerprint in 64 lower-case hex digits.</summary>
    public override string ToString() => _digest.ToString();
}
