using NSec.Cryptography;

namespace LinkCodec.Core.Security;

/// <summary>BLAKE2b-256 of a datagram: names it in a refusal and in the memory of answers.</summary>
internal static class DatagramHash
{
    /// <summary>Bytes of the hash.</summary>
    internal const int Length = 32;

    /// <summary>Writes the hash into 32 bytes.</summary>
    internal static void Compute(ReadOnlySpan<byte> datagram, Span<byte> hash) =>
        HashAlgorithm.Blake2b_256.Hash(datagram, hash);
}
