using System.Text.Json;

namespace LinkCodec.Tests.Snapshots;

/// <summary>protocol-spec/vectors/snapshots.json.</summary>
internal static class SnapshotVectors
{
    private static JsonElement Root { get; } = JsonDocument.Parse(VectorFiles.Read("snapshots.json")).RootElement;

    public static IEnumerable<JsonElement> Valid => Root.GetProperty("valid").EnumerateArray();

    public static IEnumerable<JsonElement> MustReject => Root.GetProperty("must_reject").EnumerateArray();

    public static IEnumerable<JsonElement> ToyFingerprints => Root.GetProperty("toy_fingerprints").EnumerateArray();

    public static IEnumerable<JsonElement> ToyDecisionFingerprints =>
        Root.GetProperty("toy_decision_fingerprints").EnumerateArray();

    public static byte[] Bytes(this JsonElement value, string property) =>
        Convert.FromHexString(value.GetProperty(property).GetString()!);

    public static string Fingerprint(ReadOnlySpan<byte> probe)
    {
        string hex = Convert.ToHexStringLower(probe);
        return ToyFingerprints.Single(v => v.GetProperty("probe").GetString() == hex).GetProperty("fingerprint")
            .GetString()!;
    }
}
