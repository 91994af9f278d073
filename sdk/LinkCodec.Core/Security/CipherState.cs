using System.Buffers.Binary;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace LinkCodec.Core.Security;

/// <summary>
/// One ChaCha20-Poly1305 key with Noise's nonces. Owns the key and erases it on dispose. Not thread-safe.
/// </summary>
/// <remarks>Source: Noise Protocol Framework revision 34, sections 5.1 and 12.3; RFC 8439.</remarks>
internal sealed class CipherState : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    internal const int KeyLength = 32;

    /// <summary>Bytes of an authentication tag.</summary>
    internal const int TagLength = 16;

    private const ulong RekeyNonce = ulong.MaxValue;
    private readonly Key _key;
    private ulong _nonce;

    /// <summary>Copies a key of 32 bytes; the caller erases its own.</summary>
    /// <exception cref="FormatException">The key does not have 32 bytes.</exception>
    internal CipherState(ReadOnlySpan<byte> key, ulong nonce = 0)
    {
        _key = Key.Import(AeadAlgorithm.ChaCha20Poly1305, key, KeyBlobFormat.RawSymmetricKey);
        _nonce = nonce;
    }

    /// <summary>The nonce of the next <see cref="Encrypt"/> or <see cref="TryDecrypt"/>.</summary>
    internal ulong Nonce => _nonce;

    /// <summary>Seals under the next nonce.</summary>
    /// <exception cref="InvalidOperationException">Every nonce is used.</exception>
    internal void Encrypt(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        if (_nonce == RekeyNonce)
        {
            throw new InvalidOperationException("Every nonce of the key is used.");
        }

        Seal(_nonce, associatedData, plaintext, ciphertext);
        _nonce++;
    }

    /// <summary>Opens under the next nonce; on failure the nonce stays and the plaintext is cleared.</summary>
    internal bool TryDecrypt(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (_nonce == RekeyNonce || !TryOpen(_nonce, associatedData, ciphertext, plaintext))
        {
            plaintext.Clear();
            return false;
        }

        _nonce++;
        return true;
    }

    /// <summary>
    /// Seals under a nonce that the caller never uses twice; <paramref name="ciphertext"/> has 16 bytes more than the
    /// plaintext.
    /// </summary>
    internal void Seal(ulong nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertext)
    {
        Span<byte> bytes = stackalloc byte[12];
        WriteNonce(nonce, bytes);
        AeadAlgorithm.ChaCha20Poly1305.Encrypt(_key, bytes, associatedData, plaintext, ciphertext);
    }

    /// <summary>Opens under a nonce; on failure the plaintext is cleared.</summary>
    internal bool TryOpen(ulong nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext,
        Span<byte> plaintext)
    {
        Span<byte> bytes = stackalloc byte[12];
        WriteNonce(nonce, bytes);
        if (AeadAlgorithm.ChaCha20Poly1305.Decrypt(_key, bytes, associatedData, ciphertext, plaintext))
        {
            return true;
        }

        plaintext.Clear();
        return false;
    }

    /// <summary>The cipher under REKEY(this key); this one stays as it is.</summary>
    internal CipherState Rekeyed()
    {
        Span<byte> zeros = stackalloc byte[KeyLength];
        Span<byte> sealedZeros = stackalloc byte[KeyLength + TagLength];
        zeros.Clear();
        try
        {
            Seal(RekeyNonce, default, zeros, sealedZeros);
            return new CipherState(sealedZeros[..KeyLength]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealedZeros);
        }
    }

    public void Dispose() => _key.Dispose();

    private static void WriteNonce(ulong nonce, Span<byte> bytes)
    {
        bytes[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[4..], nonce);
    }
}
