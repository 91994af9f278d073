using System.Security.Cryptography;
using NSec.Cryptography;
using HashAlgorithm = NSec.Cryptography.HashAlgorithm;
using IncrementalHash = NSec.Cryptography.IncrementalHash;

namespace LinkCodec.Core.Security;

/// <summary>HASH, HMAC-HASH and HKDF of the Noise framework over one hash. Thread-safe.</summary>
/// <remarks>Source: Noise Protocol Framework revision 34, sections 4.3 and 5.1; RFC 2104; RFC 5869.</remarks>
internal sealed class NoiseHashFunction
{
    /// <summary>The largest hash, in bytes.</summary>
    internal const int MaxHashLength = 64;

    private const int MaxBlockLength = 128;
    private readonly HashAlgorithm _algorithm;
    private readonly int _blockLength;

    private NoiseHashFunction(string name, HashAlgorithm algorithm, int blockLength)
    {
        Name = name;
        _algorithm = algorithm;
        _blockLength = blockLength;
    }

    /// <summary>The name as it stands in a Noise protocol name.</summary>
    internal string Name { get; }

    /// <summary>HASHLEN: 64 or 32 bytes.</summary>
    internal int HashLength => _algorithm.HashSize;

    internal static NoiseHashFunction Of(NoiseHash hash) => hash switch
    {
        NoiseHash.Blake2b => Functions.Blake2b,
        NoiseHash.Sha256 => Functions.Sha256,
        _ => throw new ArgumentOutOfRangeException(nameof(hash), hash, "Not a hash of the handshake."),
    };

    /// <summary>
    /// Writes HASH(<paramref name="first"/> || <paramref name="second"/>); the output may overlap the inputs.
    /// </summary>
    internal void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> hash)
    {
        IncrementalHash.Initialize(_algorithm, out IncrementalHash state);
        IncrementalHash.Update(ref state, first);
        IncrementalHash.Update(ref state, second);
        IncrementalHash.Finalize(ref state, hash);
    }

    /// <summary>
    /// Two or three outputs of HASHLEN bytes each from a chaining key and key material of at most HASHLEN bytes.
    /// </summary>
    /// <param name="chainingKey">HASHLEN bytes.</param>
    /// <param name="input">Key material: 0, 32 or HASHLEN bytes.</param>
    /// <param name="outputs">Two or three times HASHLEN bytes; must not overlap the inputs.</param>
    internal void Hkdf(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> outputs)
    {
        int length = HashLength;
        Span<byte> temporaryKey = stackalloc byte[MaxHashLength];
        Span<byte> data = stackalloc byte[MaxHashLength + 1];
        try
        {
            Hmac(chainingKey, input, temporaryKey[..length]);
            int previous = 0;
            for (int i = 0; i * length < outputs.Length; i++)
            {
                data[previous] = (byte)(i + 1);
                Span<byte> output = outputs.Slice(i * length, length);
                Hmac(temporaryKey[..length], data[..(previous + 1)], output);
                output.CopyTo(data);
                previous = length;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(temporaryKey);
            CryptographicOperations.ZeroMemory(data);
        }
    }

    /// <summary>
    /// HMAC with a key of HASHLEN bytes, which is never longer than a block; data of at most HASHLEN + 1 bytes.
    /// </summary>
    private void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> output)
    {
        Span<byte> block = stackalloc byte[MaxBlockLength + MaxHashLength + 1];
        Span<byte> inner = stackalloc byte[MaxHashLength];
        try
        {
            Pad(key, 0x36, block);
            data.CopyTo(block[_blockLength..]);
            _algorithm.Hash(block[..(_blockLength + data.Length)], inner[..HashLength]);
            Pad(key, 0x5C, block);
            inner[..HashLength].CopyTo(block[_blockLength..]);
            _algorithm.Hash(block[..(_blockLength + HashLength)], output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
            CryptographicOperations.ZeroMemory(inner);
        }
    }

    private void Pad(ReadOnlySpan<byte> key, byte pad, Span<byte> block)
    {
        block[.._blockLength].Fill(pad);
        for (int i = 0; i < key.Length; i++)
        {
            block[i] ^= key[i];
        }
    }

    /// <summary>Made at first use, so that naming the type loads no native library.</summary>
    private static class Functions
    {
        internal static readonly NoiseHashFunction Blake2b = new("BLAKE2b", HashAlgorithm.Blake2b_512,
            blockLength: 128);
        internal static readonly NoiseHashFunction Sha256 = new("SHA256", HashAlgorithm.Sha256, blockLength: 64);
    }
}
