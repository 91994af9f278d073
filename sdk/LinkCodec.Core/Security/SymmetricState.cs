using System.Security.Cryptography;
using System.Text;

namespace LinkCodec.Core.Security;

/// <summary>
/// Chaining key, transcript hash and the key of the moment in a Noise handshake; all are erased on dispose. Not
/// thread-safe.
/// </summary>
/// <remarks>Source: Noise Protocol Framework revision 34, section 5.2.</remarks>
internal sealed class SymmetricState : IDisposable
{
    private readonly NoiseHashFunction _hash;
    private readonly SecretBuffer _secrets = new((2 * NoiseHashFunction.MaxHashLength) + CipherState.KeyLength);
    private bool _hasKey;
    private ulong _nonce;

    /// <summary>Begins a handshake of the protocol with this name, such as Noise_KK_25519_ChaChaPoly_BLAKE2b.</summary>
    internal SymmetricState(string protocolName, NoiseHashFunction hash)
    {
        _hash = hash;
        byte[] name = Encoding.ASCII.GetBytes(protocolName);
        if (name.Length <= hash.HashLength)
        {
            name.CopyTo(H);
        }
        else
        {
            hash.Hash(name, default, H);
        }

        H.CopyTo(ChainingKey);
    }

    private SymmetricState(SymmetricState other)
    {
        _hash = other._hash;
        other._secrets.Span.CopyTo(_secrets.Span);
        _hasKey = other._hasKey;
        _nonce = other._nonce;
    }

    /// <summary>The transcript hash, HASHLEN bytes; valid until the next call.</summary>
    internal ReadOnlySpan<byte> HandshakeHash => H;

    /// <summary>Bytes that <see cref="EncryptAndHash"/> adds: 16 once there is a key.</summary>
    internal int TagLength => _hasKey ? CipherState.TagLength : 0;

    private Span<byte> ChainingKey => _secrets.Span[.._hash.HashLength];

    private Span<byte> H => _secrets.Span.Slice(NoiseHashFunction.MaxHashLength, _hash.HashLength);

    private Span<byte> K => _secrets.Span[(2 * NoiseHashFunction.MaxHashLength)..];

    /// <summary>A copy to try a message on: a forged message must leave no trace.</summary>
    internal SymmetricState Fork() => new(this);

    internal void MixHash(ReadOnlySpan<byte> data) => _hash.Hash(H, data, H);

    internal void MixKey(ReadOnlySpan<byte> input)
    {
        Span<byte> outputs = stackalloc byte[2 * NoiseHashFunction.MaxHashLength];
        outputs = outputs[..(2 * _hash.HashLength)];
        _hash.Hkdf(ChainingKey, input, outputs);
        outputs[.._hash.HashLength].CopyTo(ChainingKey);
        SetKey(outputs[_hash.HashLength..]);
        CryptographicOperations.ZeroMemory(outputs);
    }

    internal void MixKeyAndHash(ReadOnlySpan<byte> input)
    {
        Span<byte> outputs = stackalloc byte[3 * NoiseHashFunction.MaxHashLength];
        outputs = outputs[..(3 * _hash.HashLength)];
        _hash.Hkdf(ChainingKey, input, outputs);
        outputs[.._hash.HashLength].CopyTo(ChainingKey);
        MixHash(outputs.Slice(_hash.HashLength, _hash.HashLength));
        SetKey(outputs[(2 * _hash.HashLength)..]);
        CryptographicOperations.ZeroMemory(outputs);
    }

    /// <summary>
    /// Seals (or copies, before there is a key) into <paramref name="ciphertext"/>, <see cref="TagLength"/> bytes
    /// longer.
    /// </summary>
    internal void EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        if (_hasKey)
        {
            using CipherState cipher = new(K, _nonce);
            cipher.Encrypt(H, plaintext, ciphertext);
            _nonce = cipher.Nonce;
        }
        else
        {
            plaintext.CopyTo(ciphertext);
        }

        MixHash(ciphertext);
    }

    /// <summary>
    /// Opens (or copies) into <paramref name="plaintext"/>, <see cref="TagLength"/> bytes shorter; false when forged.
    /// </summary>
    internal bool TryDecryptAndHash(ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (_hasKey)
        {
            using CipherState cipher = new(K, _nonce);
            if (!cipher.TryDecrypt(H, ciphertext, plaintext))
            {
                return false;
            }

            _nonce = cipher.Nonce;
        }
        else
        {
            ciphertext.CopyTo(plaintext);
        }

        MixHash(ciphertext);
        return true;
    }

    /// <summary>The two transport keys: the initiator's, then the responder's. The caller owns them.</summary>
    internal (CipherState Initiator, CipherState Responder) Split()
    {
        Span<byte> outputs = stackalloc byte[2 * NoiseHashFunction.MaxHashLength];
        outputs = outputs[..(2 * _hash.HashLength)];
        _hash.Hkdf(ChainingKey, default, outputs);
        CipherState initiator = new(outputs[..CipherState.KeyLength]);
        CipherState responder = new(outputs.Slice(_hash.HashLength, CipherState.KeyLength));
        CryptographicOperations.ZeroMemory(outputs);
        return (initiator, responder);
    }

    /// <summary>
    /// Writes a third output of what <see cref="Split"/> derives two keys from: a secret that both sides share and that
    /// tells nothing of those keys, nor they of it. spec 2.8-1
    /// </summary>
    internal void WriteResumptionSecret(Span<byte> destination)
    {
        Span<byte> outputs = stackalloc byte[3 * NoiseHashFunction.MaxHashLength];
        outputs = outputs[..(3 * _hash.HashLength)];
        _hash.Hkdf(ChainingKey, default, outputs);
        outputs.Slice(2 * _hash.HashLength, destination.Length).CopyTo(destination);
        CryptographicOperations.ZeroMemory(outputs);
    }

    /// <summary>
    /// The key of early segments: from the chaining key behind the first message, a secret of an earlier session, and
    /// all that was said so far. The caller owns it. spec 2.8-3
    /// </summary>
    internal CipherState EarlyKey(ReadOnlySpan<byte> secret)
    {
        Span<byte> input = stackalloc byte[NoiseHashFunction.MaxHashLength];
        input = input[.._hash.HashLength];
        Span<byte> outputs = stackalloc byte[2 * NoiseHashFunction.MaxHashLength];
        outputs = outputs[..(2 * _hash.HashLength)];
        _hash.Hash(secret, H, input);
        _hash.Hkdf(ChainingKey, input, outputs);
        CipherState cipher = new(outputs[..CipherState.KeyLength]);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(outputs);
        return cipher;
    }

    public void Dispose() => _secrets.Dispose();

    private void SetKey(ReadOnlySpan<byte> output)
    {
        output[..CipherState.KeyLength].CopyTo(K); // Longer hashes are cut to the cipher's key.
        _hasKey = true;
        _nonce = 0;
    }
}
