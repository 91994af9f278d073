namespace NSec.Cryptography;

/// <summary>SHA-256 (FIPS 180-4).</summary>
public sealed class Sha256 : HashAlgorithm
{
    internal Sha256()
        : base(32)
    {
    }

    internal override unsafe void InitializeCore(ref IncrementalHashState state) => state.WithAligned(&Initialize, default, HashSize);

    internal override unsafe void UpdateCore(ref IncrementalHashState state, ReadOnlySpan<byte> data) => state.WithAligned(&Update, data, HashSize);

    internal override unsafe void FinalizeCore(ref IncrementalHashState state, Span<byte> hash) => state.WithAligned(&End, hash, HashSize);

    private protected override unsafe void HashCore(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        fixed (byte* output = hash)
        fixed (byte* input = data)
        {
            Libsodium.crypto_hash_sha256(output, input, (ulong)data.Length);
        }
    }

    private static unsafe void Initialize(void* state, byte* bytes, int length, int hashSize) => Libsodium.crypto_hash_sha256_init(state);

    private static unsafe void Update(void* state, byte* bytes, int length, int hashSize) =>
        Libsodium.crypto_hash_sha256_update(state, bytes, (ulong)length);

    private static unsafe void End(void* state, byte* bytes, int length, int hashSize) => Libsodium.crypto_hash_sha256_final(state, bytes);
}
