namespace MessagePack;

/// <summary>Type and length of an extension value.</summary>
public struct ExtensionHeader
{
    public ExtensionHeader(sbyte typeCode, uint length)
    {
        TypeCode = typeCode;
        Length = length;
    }

    public ExtensionHeader(sbyte typeCode, int length)
        : this(typeCode, (uint)length)
    {
    }

    public sbyte TypeCode { get; private set; }

    public uint Length { get; private set; }
}
