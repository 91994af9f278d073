namespace NSec.Cryptography;

/// <summary>Parameters for the creation of a <see cref="SharedSecret"/>.</summary>
public ref struct SharedSecretCreationParameters
{
    /// <summary>Whether the secret may be exported; not by default.</summary>
    public KeyExportPolicies ExportPolicy;
}
