namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>Where a value of the metadata lies: it is read when it is asked for.</summary>
/// <param name="Type">Of the value, or of the elements of a list.</param>
/// <param name="IsList">Whether it is a list; no list holds lists.</param>
/// <param name="Count">Elements; 1 for a plain value.</param>
/// <param name="Offset">Of the first element in the file.</param>
internal readonly record struct GgufValue(GgufValueType Type, bool IsList, int Count, long Offset)
{
    /// <summary>For messages.</summary>
    public override string ToString() => IsList ? $"a list of {Type}" : Type.ToString();
}
