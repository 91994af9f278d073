using System.Security.Cryptography;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// A responder's source of ephemeral keys and tags: a secret of its own and the Initiate. So the same Initiate gets the
/// same answer and the same keys though its traces were pushed out by others, and nobody has to remember anything for
/// strangers.
/// </summary>
/// <remarks>
/// The secret must be drawn anew whenever a session begins: else its Initiate, sent again, would give its keys a second
/// time, with counters from 0. Until then no key made from it has sealed anything. Erased on dispose.
/// </remarks>
internal sealed class AnswerSecret : IDisposable
{
    private readonly RandomSource _random;
    private readonly SecretBuffer _secret = new(32);

    internal AnswerSecret(RandomSource random)
    {
        _random = random;
        Renew();
    }

    /// <summary>Draws the secret anew: no Initiate gives keys that an earlier one gave.</summary>
    internal void Renew() => _random.Fill(_secret.Span);

    /// <summary>The random numbers for the answer to one Initiate under one offer.</summary>
    internal RandomSource For(ReadOnlySpan<byte> initiate, int offer)
    {
        Span<byte> input = stackalloc byte[_secret.Span.Length + 1 + HandshakeDatagram.MaxLength];
        _secret.Span.CopyTo(input);
        input[_secret.Span.Length] = (byte)offer;
        initiate.CopyTo(input[(_secret.Span.Length + 1)..]);
        Derived derived = new();
        NSec.Cryptography.HashAlgorithm.Blake2b_512.Hash(input[..(_secret.Span.Length + 1 + initiate.Length)],
            derived.Bytes.Span);
        CryptographicOperations.ZeroMemory(input);
        return derived;
    }

    public void Dispose() => _secret.Dispose();

    /// <summary>
    /// The derived bytes, 32 for an ephemeral key and 1 for a tag; each is erased when it was given out.
    /// </summary>
    internal sealed class Derived : RandomSource, IDisposable
    {
        private int _at;

        internal SecretBuffer Bytes { get; } = new(64);

        public override void Fill(Span<byte> destination)
        {
            Span<byte> next = Bytes.Span.Slice(_at, destination.Length);
            next.CopyTo(destination);
            CryptographicOperations.ZeroMemory(next);
            _at += destination.Length;
        }

        public void Dispose() => Bytes.Dispose();
    }
}
