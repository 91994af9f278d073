namespace MessagePack;

/// <summary>Extension types that the MessagePack specification defines.</summary>
public static class ReservedMessagePackExtensionTypeCode
{
    public const sbyte DateTime = -1;
}
