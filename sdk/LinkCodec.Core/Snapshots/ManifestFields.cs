using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Snapshots;

/// <summary>A manifest's values, before its name is known.</summary>
internal sealed record ManifestFields(
    string Family,
    string Label,
    int AlphabetSize,
    int FrequencyBits,
    IReadOnlyList<SnapshotFile> Files,
    byte[] Probe,
    NumericFingerprint Fingerprint,
    IReadOnlyList<ByteNetworkShape> Networks,
    TokenNetworkShape TokenNetwork = default);

/// <summary>The reason why bytes are no manifest, in words that continue "the manifest ...".</summary>
internal readonly record struct ManifestFault(LinkErrorCode Code, string Text);
