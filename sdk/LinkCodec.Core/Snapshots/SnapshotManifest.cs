using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Snapshots;

/// <summary>
/// Everything that decides a snapshot's probabilities, by name, size and hash. Immutable, thread-safe.
/// </summary>
/// <remarks>
/// A manifest has one spelling in bytes, so that its hash can be the snapshot's name. Spec:
/// protocol-spec/06-snapshots.md, section 1.
/// </remarks>
public sealed class SnapshotManifest
{
    /// <summary>The version of the layout that this library reads and writes.</summary>
    public const int FormatVersion = 1;

    /// <summary>The version of the frequency quantiser (protocol-spec/05-coding.md).</summary>
    public const int QuantiserVersion = 1;

    /// <summary>The version of the range coder (protocol-spec/05-coding.md).</summary>
    public const int CoderVersion = 1;

    /// <summary>The family of networks over bytes.</summary>
    public const string BytesFamily = "bytes";

    /// <summary>The family of context mixing around zero to eight networks over bytes.</summary>
    public const string MixedFamily = "mixed";

    /// <summary>Frequency bits of the family <see cref="MixedFamily"/>.</summary>
    public const int MixedFrequencyBits = 16;

    /// <summary>The family of language models over tokens.</summary>
    public const string LanguageFamily = "language";

    /// <summary>Frequency bits of the family <see cref="LanguageFamily"/>.</summary>
    public const int LanguageFrequencyBits = 24;

    private readonly ManifestFields _fields;
    private readonly byte[] _bytes;

    /// <summary>Makes a manifest, with 257 symbols.</summary>
    /// <param name="family"><see cref="BytesFamily"/> or <see cref="MixedFamily"/>.</param>
    /// <param name="label">The label that people read: at most 64 bytes of UTF-8 without control characters. It is part
    /// of the name's hash.</param>
    /// <param name="frequencyBits">Binary logarithm of the frequencies' sum, 16 to 24; <see cref="MixedFrequencyBits"/>
    /// for <see cref="MixedFamily"/>.</param>
    /// <param name="files">The files, 1 to 64, in any order; each path once.</param>
    /// <param name="probe">The text that the fingerprint is computed for, at most 4,096 bytes; copied.</param>
    /// <param name="fingerprint">The fingerprint that the model gives for the probe.</param>
    /// <param name="networks">The networks' dimensions: one for <see cref="BytesFamily"/>, up to eight for
    /// <see cref="MixedFamily"/>.</param>
    /// <exception cref="ArgumentException">A value breaks the spec.</exception>
    public SnapshotManifest(
        string family,
        string label,
        int frequencyBits,
        IEnumerable<SnapshotFile> files,
        ReadOnlySpan<byte> probe,
        NumericFingerprint fingerprint,
        IEnumerable<ByteNetworkShape> networks)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(networks);
        ByteNetworkShape[] shapes = [.. networks];
        if (family == BytesFamily)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(shapes.Length, 1, nameof(networks));
        }

        if (family == LanguageFamily)
        {
            throw new ArgumentException("A language model has a network over tokens.", nameof(family));
        }

        (_fields, _bytes) = Checked(new ManifestFields(family, label, Predictor.ByteAlphabet, frequencyBits,
            Sorted(files), probe.ToArray(), fingerprint, shapes));
        Name = SnapshotName.Of(_bytes);
    }

    /// <summary>Makes a manifest of the family <see cref="LanguageFamily"/>.</summary>
    /// <param name="label">The label that people read: at most 64 bytes of UTF-8 without control characters. It is part
    /// of the name's hash.</param>
    /// <param name="files">The files, 1 to 64, in any order; each path once.</param>
    /// <param name="probe">The text that the fingerprint is computed for, at most 4,096 bytes; copied.</param>
    /// <param name="fingerprint">The fingerprint that the model gives for the probe.</param>
    /// <param name="network">The network's dimensions.</param>
    /// <param name="networks">Dimensions of the networks over bytes that its context mixing is around, at most
    /// eight.</param>
    /// <exception cref="ArgumentException">A value breaks the spec.</exception>
    public SnapshotManifest(
        string label, IEnumerable<SnapshotFile> files, ReadOnlySpan<byte> probe, NumericFingerprint fingerprint,
        TokenNetworkShape network, params IEnumerable<ByteNetworkShape> networks)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(networks);
        (_fields, _bytes) = Checked(
            new ManifestFields(LanguageFamily, label, Predictor.ByteAlphabet, LanguageFrequencyBits, Sorted(files),
                probe.ToArray(), fingerprint, [.. networks], network));
        Name = SnapshotName.Of(_bytes);
    }

    private SnapshotManifest(ManifestFields fields, ReadOnlySpan<byte> bytes)
    {
        _fields = fields;
        _bytes = bytes.ToArray();
        Name = SnapshotName.Of(_bytes);
    }

    /// <summary>The BLAKE2b-256 of <see cref="Bytes"/>.</summary>
    public SnapshotName Name { get; }

    /// <summary>The label that people read; it decides nothing.</summary>
    public string Label => _fields.Label;

    /// <summary>
    /// The kind of model: <see cref="BytesFamily"/>, <see cref="MixedFamily"/> or <see cref="LanguageFamily"/>.
    /// </summary>
    public string Family => _fields.Family;

    /// <summary>Symbols of a stream: 257.</summary>
    public int AlphabetSize => _fields.AlphabetSize;

    /// <summary>Binary logarithm of the frequencies' sum, 16 to 24.</summary>
    public int FrequencyBits => _fields.FrequencyBits;

    /// <summary>The files, sorted by path.</summary>
    public IReadOnlyList<SnapshotFile> Files => _fields.Files;

    /// <summary>The text that the fingerprint is computed for.</summary>
    public ReadOnlyMemory<byte> Probe => _fields.Probe;

    /// <summary>The fingerprint that every machine must compute for the probe.</summary>
    public NumericFingerprint Fingerprint => _fields.Fingerprint;

    /// <summary>
    /// Dimensions of the networks over bytes: one for <see cref="BytesFamily"/>, none to eight for the others.
    /// </summary>
    public IReadOnlyList<ByteNetworkShape> Networks => _fields.Networks;

    /// <summary>The dimensions of the network of a <see cref="LanguageFamily"/>; all zero for other families.</summary>
    public TokenNetworkShape TokenNetwork => _fields.TokenNetwork;

    /// <summary>The manifest's one encoding.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>
    /// Reads a manifest. Never throws on bytes; linear in their number, of which at most 32,768 are looked at.
    /// </summary>
    /// <param name="bytes">The whole manifest; copied.</param>
    /// <param name="manifest">The manifest, null when false.</param>
    /// <param name="error"><see cref="LinkErrorCode.Malformed"/>, <see cref="LinkErrorCode.SnapshotTooNew"/> or
    /// <see cref="LinkErrorCode.LimitExceeded"/> when false.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SnapshotManifest? manifest,
        out LinkErrorCode error)
    {
        bool read = TryRead(bytes, out manifest, out ManifestFault fault);
        error = fault.Code;
        return read;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SnapshotManifest? manifest,
        out ManifestFault fault)
    {
        manifest = ManifestReader.TryRead(bytes, out ManifestFields? fields, out fault)
            ? new SnapshotManifest(fields, bytes)
            : null;
        return manifest is not null;
    }

    // spec 6.1-5
    private static SnapshotFile[] Sorted(IEnumerable<SnapshotFile> files) =>
        [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];

    // Written and read back: one set of rules for what may be written and what may be read, and texts as the bytes hold
    // them.
    private static (ManifestFields Fields, byte[] Bytes) Checked(ManifestFields fields)
    {
        byte[] bytes = ManifestWriter.Write(fields);
        return ManifestReader.TryRead(bytes, out ManifestFields? read, out ManifestFault fault)
            ? (read, bytes)
            : throw new ArgumentException($"The manifest {fault.Text}.", nameof(fields));
    }
}
