using System.Diagnostics.CodeAnalysis;

namespace NSec.Cryptography;

/// <summary>The result of a key agreement; its bytes are zeroed by <see cref="Dispose"/>.</summary>
public sealed class SharedSecret : IDisposable
{
    private readonly SecureMemoryHandle _handle;
    private bool _exported;

    internal SharedSecret(SecureMemoryHandle handle, KeyExportPolicies exportPolicy)
    {
        _handle = handle;
        ExportPolicy = exportPolicy;
    }

    /// <summary>Whether the secret may be exported.</summary>
    public KeyExportPolicies ExportPolicy { get; }

    /// <summary>Bytes of the secret.</summary>
    public int Size => _handle.Length;

    /// <summary>The secret with the given bytes.</summary>
    public static SharedSecret Import(
        ReadOnlySpan<byte> blob, SharedSecretBlobFormat format, in SharedSecretCreationParameters creationParameters = default) =>
        TryImport(blob, format, out SharedSecret? secret, in creationParameters)
            ? secret
            : throw new FormatException("The shared secret BLOB is not in the correct format.");

    /// <summary>The secret with the given bytes, or false when they are not in the format (at most 128 bytes).</summary>
    public static bool TryImport(
        ReadOnlySpan<byte> blob,
        SharedSecretBlobFormat format,
        [NotNullWhen(true)] out SharedSecret? result,
        in SharedSecretCreationParameters creationParameters = default)
    {
        CheckFormat(format);
        result = blob.Length > 128 ? null : new SharedSecret(SecureMemoryHandle.CopyOf(blob), creationParameters.ExportPolicy);
        return result is not null;
    }

    /// <summary>Erases the secret.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>The secret's bytes.</summary>
    public byte[] Export(SharedSecretBlobFormat format)
    {
        byte[] blob = new byte[GetExportBlobSize(format)];
        TryExport(format, blob, out _);
        return blob;
    }

    /// <summary>Bytes that <see cref="Export"/> returns.</summary>
    public int GetExportBlobSize(SharedSecretBlobFormat format)
    {
        CheckFormat(format);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return _handle.Length;
    }

    /// <summary>Writes the secret's bytes; false when there is not enough space.</summary>
    public bool TryExport(SharedSecretBlobFormat format, Span<byte> blob, out int blobSize)
    {
        int size = GetExportBlobSize(format);
        bool once = (ExportPolicy & KeyExportPolicies.AllowPlaintextArchiving) != 0 && !_exported;
        if ((ExportPolicy & KeyExportPolicies.AllowPlaintextExport) == 0 && !once)
        {
            throw new InvalidOperationException("The export policy of the shared secret does not allow it to be exported.");
        }

        using SecretScope secret = new(_handle, this);
        if (!secret.Bytes.TryCopyTo(blob))
        {
            blobSize = 0;
            return false;
        }

        _exported = true;
        blobSize = size;
        return true;
    }

    /// <inheritdoc/>
    public override string? ToString() => typeof(SharedSecret).ToString();

    private static void CheckFormat(SharedSecretBlobFormat format)
    {
        if (format != SharedSecretBlobFormat.RawSharedSecret)
        {
            throw new ArgumentException($"The shared secret BLOB format '{format}' is not supported.", nameof(format));
        }
    }
}
