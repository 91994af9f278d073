using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Snapshots;

/// <summary>A manifest's values, before its name is known.</summary>
internal sealed record ManifestFields(
    string Label,
    int AlphabetSize,
    int FrequencyBits,
    IReadOnlyList<SnapshotFile> Files,
    byte[] Probe,
    NumericFingerprint Fingerprint,
    ByteNetworkShape Network);

/// <summary>Why bytes are no manifest, in words that continue "the manifest ...".</summary>
internal readonly record struct ManifestFault(LinkErrorCode Code, string Text);
