using System.Security.Cryptography;
using LinkCodec.Core.Primitives;
using NSec.Cryptography;

namespace LinkCodec.Core.Security;

/// <summary>A Noise handshake, one message after the other. Erases its secrets on dispose. Not thread-safe.</summary>
/// <remarks>
/// Source: Noise Protocol Framework revision 34, sections 5.3 and 9. A message that fails changes nothing.
/// </remarks>
internal sealed class HandshakeState : IDisposable
{
    private const int PublicKeyLength = 32;
    private static readonly X25519 Dh = KeyAgreementAlgorithm.X25519;

    private readonly NoisePattern _pattern;
    private readonly bool _initiator;
    private readonly Key? _static;
    private readonly PublicKey? _expectedStatic;
    private readonly SecretBuffer? _psk;
    private readonly RandomSource _random;
    private SymmetricState _symmetric;
    private Key? _ephemeral;
    private PublicKey? _remoteEphemeral;
    private PublicKey? _remoteStatic;
    private int _next;

    /// <summary>Begins a handshake.</summary>
    /// <param name="pattern">The handshake's pattern, the same on both sides.</param>
    /// <param name="hash">The handshake's hash, the same on both sides.</param>
    /// <param name="initiator">Whether this side sends the first message.</param>
    /// <param name="prologue">What both sides must agree on without sending it; used during the call.</param>
    /// <param name="localStatic">This side's key pair, where the pattern wants one; it stays the caller's.</param>
    /// <param name="remoteStatic">The peer's static key, where the pattern has it known beforehand; elsewhere the only
    /// one to accept, or null for any.</param>
    /// <param name="psk">32 bytes where the pattern has a psk; copied.</param>
    /// <param name="random">The source of ephemeral keys.</param>
    internal HandshakeState(
        NoisePattern pattern,
        NoiseHash hash,
        bool initiator,
        ReadOnlySpan<byte> prologue,
        Key? localStatic,
        PublicKey? remoteStatic,
        ReadOnlySpan<byte> psk,
        RandomSource random)
    {
        (_pattern, _initiator, _static, _random) = (pattern, initiator, localStatic, random);
        bool remoteKnown = initiator ? pattern.ResponderKnown : pattern.InitiatorKnown;
        _expectedStatic = remoteStatic;
        _remoteStatic = remoteKnown ? remoteStatic ?? throw new ArgumentNullException(nameof(remoteStatic)) : null;
        if ((initiator ? pattern.InitiatorHasStatic : pattern.ResponderHasStatic) && localStatic is null)
        {
            throw new ArgumentNullException(nameof(localStatic));
        }

        if (pattern.HasPsk)
        {
            _psk = psk.Length == 32
                ? new SecretBuffer(32)
                : throw new ArgumentException("A psk has 32 bytes.", nameof(psk));
            psk.CopyTo(_psk.Span);
        }

        NoiseHashFunction function = NoiseHashFunction.Of(hash);
        _symmetric = new SymmetricState($"Noise_{pattern.Name}_25519_ChaChaPoly_{function.Name}", function);
        _symmetric.MixHash(prologue);
        MixKnownKey(pattern.InitiatorKnown, mine: initiator);
        MixKnownKey(pattern.ResponderKnown, mine: !initiator);
    }

    /// <summary>Whether every message of the handshake was written or read.</summary>
    internal bool IsComplete => _next == _pattern.MessageCount;

    /// <summary>Whether the next message is this side's to write.</summary>
    internal bool IsMyTurn => !IsComplete && (_next % 2 == 0) == _initiator;

    /// <summary>Bytes that the next message has beyond its payload.</summary>
    internal int NextOverhead => _pattern.Overhead(_next);

    /// <summary>The peer's static key, once known.</summary>
    internal PublicKey? RemoteStatic => _remoteStatic;

    /// <summary>The transcript hash: equal on both sides after the last message. Valid until dispose.</summary>
    internal ReadOnlySpan<byte> HandshakeHash => _symmetric.HandshakeHash;

    /// <summary>
    /// Writes the next message, <see cref="NextOverhead"/> bytes longer than its payload; false when a known key is of
    /// low order.
    /// </summary>
    internal bool TryWriteMessage(ReadOnlySpan<byte> payload, Span<byte> message)
    {
        if (!IsMyTurn)
        {
            throw new InvalidOperationException("It is the peer's turn.");
        }

        SymmetricState work = _symmetric.Fork();
        Span<byte> rest = message;
        foreach (NoiseToken token in _pattern.Tokens(_next))
        {
            switch (token)
            {
                case NoiseToken.E:
                    NewEphemeral().PublicKey.TryExport(KeyBlobFormat.RawPublicKey, rest, out _);
                    MixEphemeral(work, rest[..PublicKeyLength]);
                    rest = rest[PublicKeyLength..];
                    break;
                case NoiseToken.S:
                    int length = PublicKeyLength + work.TagLength;
                    work.EncryptAndHash(_static!.PublicKey.Export(KeyBlobFormat.RawPublicKey), rest[..length]);
                    rest = rest[length..];
                    break;
                default:
                    if (!TryMix(work, token, _remoteEphemeral, _remoteStatic))
                    {
                        work.Dispose();
                        return false;
                    }

                    break;
            }
        }

        work.EncryptAndHash(payload, rest);
        Commit(work, _remoteEphemeral, _remoteStatic);
        return true;
    }

    /// <summary>
    /// Reads the next message into a payload that is <see cref="NextOverhead"/> bytes shorter; false when it is forged
    /// or another's.
    /// </summary>
    internal bool TryReadMessage(ReadOnlySpan<byte> message, Span<byte> payload)
    {
        if (IsComplete || IsMyTurn)
        {
            throw new InvalidOperationException("It is not the peer's turn.");
        }

        if (message.Length != payload.Length + NextOverhead)
        {
            return false;
        }

        SymmetricState work = _symmetric.Fork();
        Span<byte> key = stackalloc byte[PublicKeyLength];
        PublicKey? remoteEphemeral = _remoteEphemeral;
        PublicKey? remoteStatic = _remoteStatic;
        bool valid = true;
        foreach (NoiseToken token in _pattern.Tokens(_next))
        {
            switch (token)
            {
                case NoiseToken.E:
                    valid = PublicKey.TryImport(Dh, message[..PublicKeyLength], KeyBlobFormat.RawPublicKey,
                        out remoteEphemeral);
                    MixEphemeral(work, message[..PublicKeyLength]);
                    message = message[PublicKeyLength..];
                    break;
                case NoiseToken.S:
                    int length = PublicKeyLength + work.TagLength;
                    valid = work.TryDecryptAndHash(message[..length], key)
                        && PublicKey.TryImport(Dh, key, KeyBlobFormat.RawPublicKey, out remoteStatic)
                        && (_expectedStatic is null || _expectedStatic.Equals(remoteStatic));
                    message = message[length..];
                    break;
                default:
                    valid = TryMix(work, token, remoteEphemeral, remoteStatic);
                    break;
            }

            if (!valid)
            {
                break;
            }
        }

        if (!valid || !work.TryDecryptAndHash(message, payload))
        {
            payload.Clear();
            work.Dispose();
            return false;
        }

        Commit(work, remoteEphemeral, remoteStatic);
        return true;
    }

    /// <summary>
    /// The transport keys for sending and receiving; null where a one-way pattern has no such direction. The caller
    /// owns them.
    /// </summary>
    internal (CipherState? Send, CipherState? Receive) Split()
    {
        if (!IsComplete)
        {
            throw new InvalidOperationException("The handshake is not complete.");
        }

        (CipherState initiator, CipherState responder) = _symmetric.Split();
        if (_pattern.IsOneWay)
        {
            responder.Dispose();
            return _initiator ? (initiator, null) : (null, initiator);
        }

        return _initiator ? (initiator, responder) : (responder, initiator);
    }

    /// <summary>Writes the secret that a later session may resume this one by: 32 bytes, after the last
    /// message.</summary>
    internal void WriteResumptionSecret(Span<byte> destination)
    {
        if (!IsComplete)
        {
            throw new InvalidOperationException("The handshake is not complete.");
        }

        _symmetric.WriteResumptionSecret(destination);
    }

    /// <summary>The key of the initiator's early segments, behind the first message; the caller owns it.</summary>
    internal CipherState EarlyKey(ReadOnlySpan<byte> secret) => _next == 1
        ? _symmetric.EarlyKey(secret)
        : throw new InvalidOperationException("Early keys rest on the first message alone.");

    public void Dispose()
    {
        _symmetric.Dispose();
        _ephemeral?.Dispose();
        _psk?.Dispose();
    }

    private void Commit(SymmetricState work, PublicKey? remoteEphemeral, PublicKey? remoteStatic)
    {
        _symmetric.Dispose();
        (_symmetric, _remoteEphemeral, _remoteStatic) = (work, remoteEphemeral, remoteStatic);
        _next++;
    }

    private void MixKnownKey(bool known, bool mine)
    {
        if (known)
        {
            _symmetric.MixHash((mine ? _static!.PublicKey : _remoteStatic!).Export(KeyBlobFormat.RawPublicKey));
        }
    }

    private Key NewEphemeral()
    {
        Span<byte> bytes = stackalloc byte[32];
        _random.Fill(bytes);
        _ephemeral?.Dispose();
        _ephemeral = Key.Import(Dh, bytes, KeyBlobFormat.RawPrivateKey);
        CryptographicOperations.ZeroMemory(bytes);
        return _ephemeral;
    }

    private void MixEphemeral(SymmetricState work, ReadOnlySpan<byte> key)
    {
        work.MixHash(key);
        if (_pattern.HasPsk)
        {
            work.MixKey(key);
        }
    }

    private bool TryMix(SymmetricState work, NoiseToken token, PublicKey? remoteEphemeral, PublicKey? remoteStatic)
    {
        switch (token)
        {
            case NoiseToken.Psk:
                work.MixKeyAndHash(_psk!.Span);
                return true;
            case NoiseToken.EE:
                return TryAgree(work, _ephemeral!, remoteEphemeral!);
            case NoiseToken.SS:
                return TryAgree(work, _static!, remoteStatic!);
            default:
                bool mineIsEphemeral = (token == NoiseToken.ES) == _initiator;
                return mineIsEphemeral
                    ? TryAgree(work, _ephemeral!, remoteStatic!)
                    : TryAgree(work, _static!, remoteEphemeral!);
        }
    }

    private static bool TryAgree(SymmetricState work, Key mine, PublicKey theirs)
    {
        SharedSecretCreationParameters exportable = new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        using SharedSecret? secret = Dh.Agree(mine, theirs, in exportable);
        if (secret is null)
        {
            return false; // spec 2.4-2: an all-zero result proves nothing.
        }

        Span<byte> bytes = stackalloc byte[32];
        secret.TryExport(SharedSecretBlobFormat.RawSharedSecret, bytes, out _);
        work.MixKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }
}
