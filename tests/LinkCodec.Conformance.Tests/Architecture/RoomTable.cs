namespace LinkCodec.Conformance.Tests.Architecture;

/// <summary>Which room of LinkCodec.Core may use which: the table of ARCHITECTURE.md.</summary>
internal static class RoomTable
{
    /// <summary>Level 0: every room may use these.</summary>
    private static readonly string[] Everyone = ["Primitives", "Telemetry"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Primitives"] = [],
        ["Telemetry"] = [],
        ["Coding"] = [],
        ["Tokens"] = [],
        ["Framing"] = [],
        ["Security"] = ["NSec"],
        ["Prediction"] = ["Coding", "Tokens"],
        ["ContextMixing"] = ["Coding", "Prediction"],
        ["Snapshots"] = ["Prediction", "ContextMixing", "NSec", "MessagePack"],
        ["Compression"] = ["Tokens", "Coding", "Prediction", "Snapshots", "Framing"],
        ["Session"] = ["Framing", "Security", "Snapshots", "Compression", "NSec"],
    };

    public static IEnumerable<string> Rooms => Allowed.Keys;

    /// <summary>The sentence that names a forbidden arrow, or null where the arrow is allowed.</summary>
    public static string? Complaint(string from, string to)
    {
        if (!Allowed.TryGetValue(from, out string[]? targets))
        {
            return $"{from} is not a room";
        }

        // Telemetry stands on Primitives; Primitives stand on nothing.
        bool levelZero = to == "Primitives" || (Everyone.Contains(to) && !Everyone.Contains(from));
        return from == to || levelZero || targets.Contains(to) ? null : $"{from} -> {to} is not an allowed arrow";
    }
}
