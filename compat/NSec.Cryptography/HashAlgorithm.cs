using System.Security.Cryptography;

namespace NSec.Cryptography;

/// <summary>A hash algorithm. Thread-safe.</summary>
public abstract class HashAlgorithm : Algorithm
{
    private static readonly Lazy<Blake2b> LazyBlake2b256 = new(() => new Blake2b(32));
    private static readonly Lazy<Blake2b> LazyBlake2b512 = new(() => new Blake2b(64));
    private static readonly Lazy<Sha256> LazySha256 = new(() => new Sha256());

    private protected HashAlgorithm(int hashSize) => HashSize = hashSize;

    /// <summary>BLAKE2b (RFC 7693) of 256 bits.</summary>
    public static Blake2b Blake2b_256 => LazyBlake2b256.Value;

    /// <summary>BLAKE2b (RFC 7693) of 512 bits.</summary>
    public static Blake2b Blake2b_512 => LazyBlake2b512.Value;

    /// <summary>SHA-256 (FIPS 180-4).</summary>
    public static Sha256 Sha256 => LazySha256.Value;

    /// <summary>Bytes of a hash.</summary>
    public int HashSize { get; }

    /// <summary>The hash of the data.</summary>
    public byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] hash = new byte[HashSize];
        HashCore(data, hash);
        return hash;
    }

    /// <summary>Writes the hash of the data.</summary>
    public void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        CheckLength(hash);
        HashCore(data, hash);
    }

    /// <summary>Whether the hash is the data's, in constant time.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> hash)
    {
        Span<byte> actual = stackalloc byte[HashSize];
        HashCore(data, actual);
        return CryptographicOperations.FixedTimeEquals(actual, hash);
    }

    internal void CheckLength(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != HashSize)
        {
            throw new ArgumentException($"The hash must have {HashSize} bytes.", nameof(hash));
        }
    }

    internal abstract void InitializeCore(ref IncrementalHashState state);

    internal abstract void UpdateCore(ref IncrementalHashState state, ReadOnlySpan<byte> data);

    internal abstract void FinalizeCore(ref IncrementalHashState state, Span<byte> hash);

    private protected abstract void HashCore(ReadOnlySpan<byte> data, Span<byte> hash);
}
