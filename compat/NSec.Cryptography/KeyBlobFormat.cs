namespace NSec.Cryptography;

/// <summary>Format of a key BLOB.</summary>
public enum KeyBlobFormat
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The bytes of a symmetric key.</summary>
    RawSymmetricKey = -1,

    /// <summary>The bytes of a private key (Ed25519: the seed).</summary>
    RawPrivateKey = -2,

    /// <summary>The bytes of a public key.</summary>
    RawPublicKey = 1,
}
