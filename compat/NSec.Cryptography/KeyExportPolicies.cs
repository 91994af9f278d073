namespace NSec.Cryptography;

/// <summary>Whether a key may leave its handle.</summary>
[Flags]
public enum KeyExportPolicies
{
    /// <summary>Never.</summary>
    None = 0,

    /// <summary>Any number of times.</summary>
    AllowPlaintextExport = 1,

    /// <summary>Once.</summary>
    AllowPlaintextArchiving = 2,
}
