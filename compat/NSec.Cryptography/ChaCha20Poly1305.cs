namespace NSec.Cryptography;

/// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
public sealed class ChaCha20Poly1305 : AeadAlgorithm
{
    /// <summary>The algorithm; use <see cref="AeadAlgorithm.ChaCha20Poly1305"/>.</summary>
    public ChaCha20Poly1305()
        : base(keySize: 32, nonceSize: 12, tagSize: 16)
    {
    }

    private protected override unsafe void EncryptCore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        fixed (byte* c = ciphertext)
        fixed (byte* m = plaintext)
        fixed (byte* ad = associatedData)
        fixed (byte* n = nonce)
        fixed (byte* k = key)
        {
            Libsodium.crypto_aead_chacha20poly1305_ietf_encrypt(
                c, null, m, (ulong)plaintext.Length, ad, (ulong)associatedData.Length, null, n, k);
        }
    }

    private protected override unsafe bool DecryptCore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        byte nothing; // libsodium takes a null destination for "verify only", which an empty plaintext must not become.
        fixed (byte* m = plaintext)
        fixed (byte* c = ciphertext)
        fixed (byte* ad = associatedData)
        fixed (byte* n = nonce)
        fixed (byte* k = key)
        {
            return Libsodium.crypto_aead_chacha20poly1305_ietf_decrypt(
                m == null ? &nothing : m, null, null, c, (ulong)ciphertext.Length, ad, (ulong)associatedData.Length, n, k) == 0;
        }
    }
}
