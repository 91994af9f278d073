using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace LinkCodec.Core.Security;

/// <summary>
/// Keys as text: the 32 raw bytes in base64url without padding (RFC 4648, section 5), 43 characters. Thread-safe.
/// </summary>
/// <remarks>
/// Reading and writing files is the tool's part. Space around the text is ignored; any other spelling than the one is
/// refused.
/// </remarks>
internal static class KeyText
{
    /// <summary>Characters of a key.</summary>
    public const int Length = 43;

    private const int KeyLength = 32;

    /// <summary>The text of a public key (X25519 or Ed25519).</summary>
    public static string Format(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Base64Url.EncodeToString(key.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>Writes the text of a private key, so that the caller can erase it.</summary>
    /// <param name="key">A private key whose policy allows export.</param>
    /// <param name="destination">Room for at least 43 characters.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="InvalidOperationException">The key's policy forbids export.</exception>
    public static void Format(Key key, Span<char> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (destination.Length < Length)
        {
            throw new ArgumentException("Too short for the text of a key.", nameof(destination));
        }

        Span<byte> bytes = stackalloc byte[KeyLength];
        try
        {
            key.TryExport(KeyBlobFormat.RawPrivateKey, bytes, out _);
            Base64Url.EncodeToChars(bytes, destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Reads a public key; false when the text is none.</summary>
    /// <param name="algorithm">X25519 or Ed25519.</param>
    /// <param name="text">The key's text.</param>
    /// <param name="key">The key, null when false.</param>
    public static bool TryParse(Algorithm algorithm, ReadOnlySpan<char> text, [NotNullWhen(true)] out PublicKey? key)
    {
        Span<byte> bytes = stackalloc byte[KeyLength];
        key = null;
        return TryParse(text, bytes) && PublicKey.TryImport(algorithm, bytes, KeyBlobFormat.RawPublicKey, out key)
            && key is not null;
    }

    /// <summary>Reads a private key; false when the text is none. The caller disposes the key.</summary>
    /// <param name="algorithm">X25519 or Ed25519.</param>
    /// <param name="text">The key's text.</param>
    /// <param name="key">The key, null when false.</param>
    /// <param name="creationParameters">Whether the key may be exported again; not by default.</param>
    public static bool TryParse(
        Algorithm algorithm, ReadOnlySpan<char> text, [NotNullWhen(true)] out Key? key,
        in KeyCreationParameters creationParameters = default)
    {
        Span<byte> bytes = stackalloc byte[KeyLength];
        try
        {
            key = null;
            return TryParse(text, bytes)
                && Key.TryImport(algorithm, bytes, KeyBlobFormat.RawPrivateKey, out key, in creationParameters)
                && key is not null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>
    /// Reads the 32 bytes of any key, such as a pre-shared one; false, with the bytes cleared, when the text is none.
    /// </summary>
    /// <param name="text">The key's text.</param>
    /// <param name="key">32 bytes.</param>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> key)
    {
        text = text.Trim();
        key = key[..KeyLength];
        key.Clear();
        Span<char> again = stackalloc char[Length];
        if (text.Length != Length || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, key, out int length) || length != KeyLength)
        {
            key.Clear();
            return false;
        }

        // The last character carries two bits of nothing: only the spelling with zeros there is a key.
        Base64Url.EncodeToChars(key, again);
        bool same = again.SequenceEqual(text);
        again.Clear();
        if (!same)
        {
            key.Clear();
        }

        return same;
    }
}
