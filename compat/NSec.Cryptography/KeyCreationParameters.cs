namespace NSec.Cryptography;

/// <summary>Parameters for the creation of a <see cref="Key"/>.</summary>
public ref struct KeyCreationParameters
{
    /// <summary>Whether the key may be exported; not by default.</summary>
    public KeyExportPolicies ExportPolicy;
}
