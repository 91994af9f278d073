namespace NSec.Cryptography;

/// <summary>A key agreement algorithm. Thread-safe.</summary>
public abstract class KeyAgreementAlgorithm : Algorithm
{
    private static readonly Lazy<X25519> LazyX25519 = new(() => new X25519());

    private protected KeyAgreementAlgorithm(int privateKeySize, int publicKeySize, int sharedSecretSize) =>
        (PrivateKeySize, PublicKeySize, SharedSecretSize) = (privateKeySize, publicKeySize, sharedSecretSize);

    /// <summary>X25519 (RFC 7748).</summary>
    public static X25519 X25519 => LazyX25519.Value;

    /// <summary>Bytes of a private key.</summary>
    public int PrivateKeySize { get; }

    /// <summary>Bytes of a public key.</summary>
    public int PublicKeySize { get; }

    /// <summary>Bytes of a shared secret.</summary>
    public int SharedSecretSize { get; }

    internal sealed override KeyBlobFormat SecretFormat => KeyBlobFormat.RawPrivateKey;

    internal sealed override KeyBlobFormat PublicFormat => KeyBlobFormat.RawPublicKey;

    /// <summary>The shared secret of the two keys, or null when the agreement fails (a public key of low order).</summary>
    public SharedSecret? Agree(Key key, PublicKey otherPartyPublicKey, in SharedSecretCreationParameters creationParameters = default)
    {
        CheckKey(key, nameof(key));
        CheckKey(otherPartyPublicKey, nameof(otherPartyPublicKey));
        using SecretScope secret = new(key.Handle, key);
        SecureMemoryHandle handle = new(SharedSecretSize);
        if (AgreeCore(secret.Bytes, otherPartyPublicKey.Bytes, handle.DangerousSpan))
        {
            return new SharedSecret(handle, creationParameters.ExportPolicy);
        }

        handle.Dispose();
        return null;
    }

    internal sealed override int GetKeySize() => PrivateKeySize;

    internal sealed override int GetPublicKeySize() => PublicKeySize;

    private protected abstract bool AgreeCore(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret);
}
