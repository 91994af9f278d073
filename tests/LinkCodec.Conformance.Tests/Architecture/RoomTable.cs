namespace LinkCodec.Conformance.Tests.Architecture;

/// <summary>The table of ARCHITECTURE.md that says which room of LinkCodec.Core may use which.</summary>
internal static class RoomTable
{
    /// <summary>Level 0: every room may use it.</summary>
    private const string LevelZero = "Primitives";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [LevelZero] = [],
        ["Coding"] = [],
        ["Framing"] = [],
        ["Security"] = ["NSec"],
        ["Prediction"] = ["Coding"],
        ["ContextMixing"] = ["Coding", "Prediction"],
        ["Erasure"] = ["Framing"],
        ["Media"] = ["Coding", "ContextMixing"],
        ["PrimedMixing"] = ["Coding", "ContextMixing"],
        ["Snapshots"] = ["Prediction", "ContextMixing", "NSec", "MessagePack"],
        ["Compression"] = ["Coding", "Prediction", "Media", "PrimedMixing", "Snapshots", "Framing"],
        ["Session"] = ["Framing", "Erasure", "Security", "Snapshots", "Compression", "NSec"],
        ["Endpoint"] = ["Framing", "Prediction", "Media", "Compression", "Session", "NSec", "MessagePack"],
    };

    public static IEnumerable<string> Rooms => Allowed.Keys;

    /// <summary>The sentence that names a forbidden arrow, or null where the arrow is allowed.</summary>
    public static string? Complaint(string from, string to)
    {
        if (!Allowed.TryGetValue(from, out string[]? targets))
        {
            return $"{from} is not a room";
        }

        return from == to || to == LevelZero || targets.Contains(to) ? null : $"{from} -> {to} is not an allowed arrow";
    }
}
