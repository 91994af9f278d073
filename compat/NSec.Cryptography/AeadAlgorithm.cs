namespace NSec.Cryptography;

/// <summary>An algorithm for authenticated encryption with associated data. Thread-safe.</summary>
public abstract class AeadAlgorithm : Algorithm
{
    private static readonly Lazy<ChaCha20Poly1305> LazyChaCha20Poly1305 = new(() => new ChaCha20Poly1305());

    private protected AeadAlgorithm(int keySize, int nonceSize, int tagSize) =>
        (KeySize, NonceSize, TagSize) = (keySize, nonceSize, tagSize);

    /// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
    public static ChaCha20Poly1305 ChaCha20Poly1305 => LazyChaCha20Poly1305.Value;

    /// <summary>Bytes of a key.</summary>
    public int KeySize { get; }

    /// <summary>Bytes of a nonce.</summary>
    public int NonceSize { get; }

    /// <summary>Bytes of an authentication tag.</summary>
    public int TagSize { get; }

    internal sealed override KeyBlobFormat SecretFormat => KeyBlobFormat.RawSymmetricKey;

    internal sealed override KeyBlobFormat PublicFormat => KeyBlobFormat.None;

    /// <summary>The ciphertext of the plaintext, then the tag.</summary>
    public byte[] Encrypt(Key key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext)
    {
        byte[] ciphertext = new byte[plaintext.Length + TagSize];
        Encrypt(key, nonce, associatedData, plaintext, ciphertext);
        return ciphertext;
    }

    /// <summary>Writes the ciphertext of the plaintext, then the tag. The two spans start at the same address or do not overlap.</summary>
    public void Encrypt(
        Key key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        CheckKey(key, nameof(key));
        if (nonce.Length != NonceSize)
        {
            throw new ArgumentException($"The nonce must have {NonceSize} bytes.", nameof(nonce));
        }

        if (ciphertext.Length - TagSize != plaintext.Length)
        {
            throw new ArgumentException($"The ciphertext must have {TagSize} bytes more than the plaintext.", nameof(ciphertext));
        }

        if (ciphertext.Overlaps(plaintext, out int offset) && offset != 0)
        {
            throw new ArgumentException("The ciphertext overlaps the plaintext.", nameof(ciphertext));
        }

        using SecretScope secret = new(key.Handle, key);
        EncryptCore(secret.Bytes, nonce, associatedData, plaintext, ciphertext);
    }

    /// <summary>The plaintext, or null when authentication fails.</summary>
    public byte[]? Decrypt(Key key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext)
    {
        CheckKey(key, nameof(key));
        if (nonce.Length != NonceSize || ciphertext.Length < TagSize)
        {
            return null;
        }

        byte[] plaintext = new byte[ciphertext.Length - TagSize];
        return Decrypt(key, nonce, associatedData, ciphertext, plaintext) ? plaintext : null;
    }

    /// <summary>Writes the plaintext, or returns false when authentication fails. The two spans start at the same address or do not overlap.</summary>
    public bool Decrypt(
        Key key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        CheckKey(key, nameof(key));
        if (nonce.Length != NonceSize || ciphertext.Length < TagSize)
        {
            return false;
        }

        if (plaintext.Length != ciphertext.Length - TagSize)
        {
            throw new ArgumentException($"The plaintext must have {TagSize} bytes less than the ciphertext.", nameof(plaintext));
        }

        if (plaintext.Overlaps(ciphertext, out int offset) && offset != 0)
        {
            throw new ArgumentException("The plaintext overlaps the ciphertext.", nameof(plaintext));
        }

        using SecretScope secret = new(key.Handle, key);
        return DecryptCore(secret.Bytes, nonce, associatedData, ciphertext, plaintext);
    }

    internal sealed override int GetKeySize() => KeySize;

    internal sealed override SecureMemoryHandle Expand(ReadOnlySpan<byte> rawKey, out PublicKey? publicKey)
    {
        publicKey = null;
        return SecureMemoryHandle.CopyOf(rawKey);
    }

    private protected abstract void EncryptCore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext);

    private protected abstract bool DecryptCore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext);
}
