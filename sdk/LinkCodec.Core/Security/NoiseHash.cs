namespace LinkCodec.Core.Security;

/// <summary>
/// The hash of a handshake. Both sides configure the same one; it is not negotiated and costs no byte.
/// </summary>
internal enum NoiseHash
{
    /// <summary>BLAKE2b of 64 bytes (RFC 7693); the default.</summary>
    Blake2b = 0,

    /// <summary>SHA-256 (FIPS 180-4), for peers that lack BLAKE2b.</summary>
    Sha256 = 1,
}
