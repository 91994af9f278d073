namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>The place of a value of the metadata: it is read when it is asked for.</summary>
/// <param name="Type">The type of the value, or of the elements of a list.</param>
/// <param name="IsList">Whether the value is a list; no list holds lists.</param>
/// <param name="Count">The number of elements; 1 for a plain value.</param>
/// <param name="Offset">The place of the first element in the file.</param>
internal readonly record struct GgufValue(GgufValueType Type, bool IsList, int Count, long Offset)
{
    /// <summary>The type's name, for messages.</summary>
    public override string ToString() => IsList ? $"a list of {Type}" : Type.ToString();
}
