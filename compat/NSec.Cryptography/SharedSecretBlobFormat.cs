namespace NSec.Cryptography;

/// <summary>Format of a shared secret BLOB.</summary>
public enum SharedSecretBlobFormat
{
    /// <summary>The bytes of the secret.</summary>
    RawSharedSecret = 1,
}
