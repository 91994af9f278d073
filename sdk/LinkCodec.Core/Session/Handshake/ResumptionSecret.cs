using System.Buffers.Binary;
using System.Security.Cryptography;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The secret that a session leaves to the next one of the same two ends, with what follows from it: the number that
/// names it on the wire, and the tag of early segments. Erased on dispose.
/// </summary>
/// <remarks>Spec: protocol-spec/02-handshake.md, section 2.8. Source: RFC 8446, sections 2.3 and 8.</remarks>
internal sealed class ResumptionSecret : IDisposable
{
    /// <summary>Bytes of the secret.</summary>
    internal const int Length = 32;

    /// <summary>Bytes of the number that names it.</summary>
    internal const int IdLength = 8;

    private readonly SecretBuffer _secret = new(Length);

    /// <summary>Copies a secret of 32 bytes.</summary>
    /// <exception cref="ArgumentException">It does not have 32 bytes.</exception>
    internal ResumptionSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length)
        {
            throw new ArgumentException("A resumption secret has 32 bytes.", nameof(secret));
        }

        secret.CopyTo(_secret.Span);
        ReadOnlySpan<byte> label = "LinkCodec resumption"u8;
        Span<byte> input = stackalloc byte[label.Length + Length];
        Span<byte> hash = stackalloc byte[32];
        label.CopyTo(input);
        secret.CopyTo(input[label.Length..]);
        NSec.Cryptography.HashAlgorithm.Blake2b_256.Hash(input, hash);
        CryptographicOperations.ZeroMemory(input);
        Id = BinaryPrimitives.ReadUInt64BigEndian(hash); // spec 2.8-2
        Tag = (byte)(hash[IdLength] & SegmentHeader.MaxTag);
    }

    /// <summary>Names the secret, and tells nothing of it.</summary>
    internal ulong Id { get; }

    /// <summary>The tag of the early segments that are sealed with its help, 0 to 127.</summary>
    internal byte Tag { get; }

    /// <summary>The secret; valid until dispose.</summary>
    internal ReadOnlySpan<byte> Span => _secret.Span;

    public void Dispose() => _secret.Dispose();
}
