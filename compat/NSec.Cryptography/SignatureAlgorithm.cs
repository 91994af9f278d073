namespace NSec.Cryptography;

/// <summary>A digital signature algorithm. Thread-safe.</summary>
public abstract class SignatureAlgorithm : Algorithm
{
    private static readonly Lazy<Ed25519> LazyEd25519 = new(() => new Ed25519());

    private protected SignatureAlgorithm(int privateKeySize, int publicKeySize, int signatureSize) =>
        (PrivateKeySize, PublicKeySize, SignatureSize) = (privateKeySize, publicKeySize, signatureSize);

    /// <summary>Ed25519 (RFC 8032).</summary>
    public static Ed25519 Ed25519 => LazyEd25519.Value;

    /// <summary>Bytes of a private key.</summary>
    public int PrivateKeySize { get; }

    /// <summary>Bytes of a public key.</summary>
    public int PublicKeySize { get; }

    /// <summary>Bytes of a signature.</summary>
    public int SignatureSize { get; }

    internal sealed override KeyBlobFormat SecretFormat => KeyBlobFormat.RawPrivateKey;

    internal sealed override KeyBlobFormat PublicFormat => KeyBlobFormat.RawPublicKey;

    /// <summary>The signature of the data.</summary>
    public byte[] Sign(Key key, ReadOnlySpan<byte> data)
    {
        byte[] signature = new byte[SignatureSize];
        Sign(key, data, signature);
        return signature;
    }

    /// <summary>Writes the signature of the data.</summary>
    public void Sign(Key key, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        CheckKey(key, nameof(key));
        if (signature.Length != SignatureSize)
        {
            throw new ArgumentException($"The signature must have {SignatureSize} bytes.", nameof(signature));
        }

        using SecretScope secret = new(key.Handle, key);
        SignCore(secret.Bytes, data, signature);
    }

    /// <summary>Whether the signature of the data was made with the private key of <paramref name="publicKey"/>.</summary>
    public bool Verify(PublicKey publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        CheckKey(publicKey, nameof(publicKey));
        return signature.Length == SignatureSize && VerifyCore(publicKey.Bytes, data, signature);
    }

    internal sealed override int GetKeySize() => PrivateKeySize;

    internal sealed override int GetPublicKeySize() => PublicKeySize;

    private protected abstract void SignCore(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> data, Span<byte> signature);

    private protected abstract bool VerifyCore(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
