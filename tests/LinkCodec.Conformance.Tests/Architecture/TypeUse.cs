namespace LinkCodec.Conformance.Tests.Architecture;

/// <summary>One type of an assembly uses another type, in that assembly or outside.</summary>
internal readonly record struct TypeUse(string From, string To)
{
    /// <summary>
    /// The room of a full type name below a namespace prefix; "" outside the prefix, or directly in it.
    /// </summary>
    public static string RoomOf(string type, string prefix)
    {
        if (!type.StartsWith(prefix + ".", StringComparison.Ordinal))
        {
            return type.StartsWith("NSec.", StringComparison.Ordinal) ? "NSec"
                : type.StartsWith("MessagePack.", StringComparison.Ordinal) ? "MessagePack" : "";
        }

        string[] rest = type[(prefix.Length + 1)..].Split('.');
        return rest.Length > 1 ? rest[0] : "";
    }
}
