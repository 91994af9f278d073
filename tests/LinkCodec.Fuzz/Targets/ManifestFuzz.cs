using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Manifests: what is read is written again with the same bytes, and stays within the limits; what is not read has a
/// reason.
/// </summary>
internal static class ManifestFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        if (!SnapshotManifest.TryRead(data, out SnapshotManifest? read, out LinkErrorCode error))
        {
            Require(error is LinkErrorCode.Malformed or LinkErrorCode.SnapshotTooNew or LinkErrorCode.LimitExceeded,
                "no reason");
            return;
        }

        Require(read.Files.Count <= SnapshotLimits.Files
            && read.Files.Sum(f => f.Size) <= SnapshotLimits.TotalFileBytes, "beyond the limits");
        Require(
            !read.Files.Any(f => f.Path.Contains("..", StringComparison.Ordinal) && f.Path.Split('/').Contains("..")),
            "a path leaves the folder");
        SnapshotManifest again = new(read.Family, read.Label, read.FrequencyBits, read.Files, read.Probe.Span,
            read.Fingerprint, read.Networks);
        Require(again.Bytes.Span.SequenceEqual(data) && again.Name == read.Name, "a second spelling");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
