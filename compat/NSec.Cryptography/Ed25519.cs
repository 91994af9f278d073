namespace NSec.Cryptography;

/// <summary>Ed25519 (RFC 8032).</summary>
public sealed class Ed25519 : SignatureAlgorithm
{
    /// <summary>The algorithm; use <see cref="SignatureAlgorithm.Ed25519"/>.</summary>
    public Ed25519()
        : base(privateKeySize: 32, publicKeySize: 32, signatureSize: 64)
    {
    }

    // libsodium's secret key is the seed followed by the public key, so the raw key comes first as wanted.
    internal override unsafe SecureMemoryHandle Expand(ReadOnlySpan<byte> rawKey, out PublicKey? publicKey)
    {
        SecureMemoryHandle handle = new(64);
        byte[] point = new byte[32];
        fixed (byte* pk = point)
        fixed (byte* sk = handle.DangerousSpan)
        fixed (byte* seed = rawKey)
        {
            Libsodium.crypto_sign_ed25519_seed_keypair(pk, sk, seed);
        }

        publicKey = new PublicKey(this, point);
        return handle;
    }

    private protected override unsafe void SignCore(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        fixed (byte* sig = signature)
        fixed (byte* m = data)
        fixed (byte* sk = secret)
        {
            Libsodium.crypto_sign_ed25519_detached(sig, null, m, (ulong)data.Length, sk);
        }
    }

    private protected override unsafe bool VerifyCore(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        fixed (byte* sig = signature)
        fixed (byte* m = data)
        fixed (byte* pk = publicKey)
        {
            return Libsodium.crypto_sign_ed25519_verify_detached(sig, m, (ulong)data.Length, pk) == 0;
        }
    }
}
