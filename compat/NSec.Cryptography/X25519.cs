namespace NSec.Cryptography;

/// <summary>X25519 (RFC 7748).</summary>
public sealed class X25519 : KeyAgreementAlgorithm
{
    /// <summary>The algorithm; use <see cref="KeyAgreementAlgorithm.X25519"/>.</summary>
    public X25519()
        : base(privateKeySize: 32, publicKeySize: 32, sharedSecretSize: 32)
    {
    }

    internal override unsafe SecureMemoryHandle Expand(ReadOnlySpan<byte> rawKey, out PublicKey? publicKey)
    {
        byte[] point = new byte[32];
        fixed (byte* q = point)
        fixed (byte* n = rawKey)
        {
            Libsodium.crypto_scalarmult_curve25519_base(q, n);
        }

        publicKey = new PublicKey(this, point);
        return SecureMemoryHandle.CopyOf(rawKey);
    }

    private protected override unsafe bool AgreeCore(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        fixed (byte* q = sharedSecret)
        fixed (byte* n = privateKey)
        fixed (byte* p = publicKey)
        {
            return Libsodium.crypto_scalarmult_curve25519(q, n, p) == 0; // Fails on an all-zero result.
        }
    }
}
