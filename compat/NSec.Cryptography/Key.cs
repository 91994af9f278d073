using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace NSec.Cryptography;

/// <summary>A symmetric key or a private key; its bytes are zeroed by <see cref="Dispose"/>.</summary>
public sealed class Key : IDisposable
{
    private readonly SecureMemoryHandle _handle;
    private readonly PublicKey? _publicKey;
    private bool _exported;

    /// <summary>A random key.</summary>
    public Key(Algorithm algorithm, in KeyCreationParameters creationParameters = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        Span<byte> seed = stackalloc byte[algorithm.GetKeySize()];
        try
        {
            RandomNumberGenerator.Fill(seed);
            _handle = algorithm.Expand(seed, out _publicKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }

        Algorithm = algorithm;
        ExportPolicy = creationParameters.ExportPolicy;
    }

    private Key(Algorithm algorithm, KeyExportPolicies exportPolicy, SecureMemoryHandle handle, PublicKey? publicKey)
    {
        Algorithm = algorithm;
        ExportPolicy = exportPolicy;
        _handle = handle;
        _publicKey = publicKey;
    }

    /// <summary>The algorithm of the key.</summary>
    public Algorithm Algorithm { get; }

    /// <summary>Whether the key may be exported.</summary>
    public KeyExportPolicies ExportPolicy { get; }

    /// <summary>Whether this is a private key.</summary>
    public bool HasPublicKey => _publicKey is not null;

    /// <summary>The public key of a private key.</summary>
    public PublicKey PublicKey => _publicKey ?? throw new InvalidOperationException("The key has no public key.");

    /// <summary>Bytes of the key.</summary>
    public int Size => Algorithm.GetKeySize();

    internal SecureMemoryHandle Handle => _handle;

    /// <summary>A random key.</summary>
    public static Key Create(Algorithm algorithm, in KeyCreationParameters creationParameters = default) =>
        new(algorithm, in creationParameters);

    /// <summary>The key with the given bytes.</summary>
    public static Key Import(
        Algorithm algorithm, ReadOnlySpan<byte> blob, KeyBlobFormat format, in KeyCreationParameters creationParameters = default) =>
        TryImport(algorithm, blob, format, out Key? key, in creationParameters)
            ? key
            : throw new FormatException("The key BLOB is not in the correct format.");

    /// <summary>The key with the given bytes, or false when they are not in the format.</summary>
    public static bool TryImport(
        Algorithm algorithm,
        ReadOnlySpan<byte> blob,
        KeyBlobFormat format,
        [NotNullWhen(true)] out Key? result,
        in KeyCreationParameters creationParameters = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (format != algorithm.SecretFormat)
        {
            throw Algorithm.FormatNotSupported(format, nameof(format));
        }

        if (blob.Length != algorithm.GetKeySize())
        {
            result = null;
            return false;
        }

        SecureMemoryHandle handle = algorithm.Expand(blob, out PublicKey? publicKey);
        result = new Key(algorithm, creationParameters.ExportPolicy, handle, publicKey);
        return true;
    }

    /// <summary>Erases the key.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>The key's bytes.</summary>
    public byte[] Export(KeyBlobFormat format)
    {
        byte[] blob = new byte[GetExportBlobSize(format)];
        TryExport(format, blob, out _);
        return blob;
    }

    /// <summary>Bytes that <see cref="Export"/> returns.</summary>
    public int GetExportBlobSize(KeyBlobFormat format)
    {
        if (format < 0)
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return format == Algorithm.SecretFormat ? Algorithm.GetKeySize() : throw Algorithm.FormatNotSupported(format, nameof(format));
        }

        return _publicKey?.GetExportBlobSize(format) ?? throw Algorithm.FormatNotSupported(format, nameof(format));
    }

    /// <summary>Writes the key's bytes; false when there is not enough space.</summary>
    public bool TryExport(KeyBlobFormat format, Span<byte> blob, out int blobSize)
    {
        if (format >= 0)
        {
            return _publicKey?.TryExport(format, blob, out blobSize) ?? throw Algorithm.FormatNotSupported(format, nameof(format));
        }

        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        bool once = (ExportPolicy & KeyExportPolicies.AllowPlaintextArchiving) != 0 && !_exported;
        if ((ExportPolicy & KeyExportPolicies.AllowPlaintextExport) == 0 && !once)
        {
            throw new InvalidOperationException("The export policy of the key does not allow the key to be exported.");
        }

        blobSize = GetExportBlobSize(format);
        if (blob.Length < blobSize)
        {
            blobSize = 0;
            return false;
        }

        using SecretScope secret = new(_handle, this);
        secret.Bytes[..blobSize].CopyTo(blob);
        _exported = true;
        return true;
    }

    /// <inheritdoc/>
    public override string? ToString() => typeof(Key).ToString();
}
