namespace NSec.Cryptography;

/// <summary>BLAKE2b without a key (RFC 7693).</summary>
public sealed class Blake2b : HashAlgorithm
{
    internal Blake2b(int hashSize)
        : base(hashSize)
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
            Libsodium.crypto_generichash_blake2b(output, (nuint)hash.Length, input, (ulong)data.Length, null, 0);
        }
    }

    private static unsafe void Initialize(void* state, byte* bytes, int length, int hashSize) =>
        Libsodium.crypto_generichash_blake2b_init(state, null, 0, (nuint)hashSize);

    private static unsafe void Update(void* state, byte* bytes, int length, int hashSize) =>
        Libsodium.crypto_generichash_blake2b_update(state, bytes, (ulong)length);

    private static unsafe void End(void* state, byte* bytes, int length, int hashSize) =>
        Libsodium.crypto_generichash_blake2b_final(state, bytes, (nuint)hashSize);
}
