using System.Diagnostics.CodeAnalysis;

namespace NSec.Cryptography;

/// <summary>A public key.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    private readonly byte[] _bytes;

    internal PublicKey(Algorithm algorithm, byte[] bytes)
    {
        Algorithm = algorithm;
        _bytes = bytes;
    }

    /// <summary>The algorithm of the key.</summary>
    public Algorithm Algorithm { get; }

    /// <summary>Bytes of the key.</summary>
    public int Size => Algorithm.GetPublicKeySize();

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The public key with the given bytes.</summary>
    public static PublicKey Import(Algorithm algorithm, ReadOnlySpan<byte> blob, KeyBlobFormat format) =>
        TryImport(algorithm, blob, format, out PublicKey? key)
            ? key
            : throw new FormatException("The key BLOB is not in the correct format.");

    /// <summary>The public key with the given bytes, or false when they are not in the format.</summary>
    public static bool TryImport(Algorithm algorithm, ReadOnlySpan<byte> blob, KeyBlobFormat format, [NotNullWhen(true)] out PublicKey? result)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (format != algorithm.PublicFormat)
        {
            throw Algorithm.FormatNotSupported(format, nameof(format));
        }

        if (blob.Length != algorithm.GetPublicKeySize())
        {
            result = null;
            return false;
        }

        byte[] bytes = blob.ToArray();
        if (algorithm is X25519)
        {
            bytes[31] &= 0x7F; // RFC 7748, section 5: the top bit is ignored.
        }

        result = new PublicKey(algorithm, bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) =>
        ReferenceEquals(this, other) || (other is not null && other.Algorithm == Algorithm && _bytes.AsSpan().SequenceEqual(other._bytes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>The key's bytes.</summary>
    public byte[] Export(KeyBlobFormat format)
    {
        GetExportBlobSize(format);
        return (byte[])_bytes.Clone();
    }

    /// <summary>Bytes that <see cref="Export"/> returns.</summary>
    public int GetExportBlobSize(KeyBlobFormat format) =>
        format == Algorithm.PublicFormat ? _bytes.Length : throw Algorithm.FormatNotSupported(format, nameof(format));

    /// <summary>Writes the key's bytes; false when there is not enough space.</summary>
    public bool TryExport(KeyBlobFormat format, Span<byte> blob, out int blobSize)
    {
        blobSize = GetExportBlobSize(format);
        if (_bytes.AsSpan().TryCopyTo(blob))
        {
            return true;
        }

        blobSize = 0;
        return false;
    }

    /// <inheritdoc/>
    public override string? ToString() => typeof(PublicKey).ToString();
}
