using System.Security.Cryptography;
using System.Text;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using NSec.Cryptography;

namespace LinkCodec;

/// <summary>An end's own key pair (X25519). Erased on dispose. Thread-safe.</summary>
public sealed class LinkIdentity : IDisposable
{
    /// <summary>Name of the private key's file in a key folder.</summary>
    public const string PrivateFile = "identity.key";

    /// <summary>Name of the public key's file in a key folder.</summary>
    public const string PublicFile = "identity.pub";

    private const int MaxFileLength = 256; // A key and space around it.

    private LinkIdentity(Key key) => Key = key;

    /// <summary>The public key as text: 43 characters of base64url. Give it to the other end.</summary>
    public string PublicKey => KeyText.Format(Key.PublicKey);

    internal Key Key { get; }

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    /// <summary>Makes a new key pair.</summary>
    public static LinkIdentity Create() => new(Key.Create(KeyAgreementAlgorithm.X25519, Exportable));

    /// <summary>Reads a private key from its text.</summary>
    /// <exception cref="FormatException">The text is not a key.</exception>
    public static LinkIdentity Parse(ReadOnlySpan<char> text) =>
        KeyText.TryParse(KeyAgreementAlgorithm.X25519, text, out Key? key, Exportable)
            ? new LinkIdentity(key)
            : throw new FormatException("Not a private key: expected 43 characters of base64url.");

    /// <summary>Reads a private key's file.</summary>
    /// <exception cref="LinkException">The file is missing or holds no key; the message says what to run.</exception>
    public static LinkIdentity Load(string path)
    {
        try
        {
            return ReadPrivate(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new LinkException(
                LinkErrorCode.AuthenticationFailed, $"No private key in '{path}': make one with 'linkcodec keygen -o DIR'. ({e.Message})", e);
        }
    }

    /// <summary>Writes both keys into a folder, which is made if it is missing; the private key is readable by its owner alone.</summary>
    /// <exception cref="IOException">A key is there already, or the folder cannot be written.</exception>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        char[] text = new char[KeyText.Length + 1];
        KeyText.Format(Key, text);
        text[^1] = '\n';
        using (StreamWriter writer = new(Path.Combine(folder, PrivateFile), options))
        {
            writer.Write(text);
        }

        Array.Clear(text);
        File.WriteAllText(Path.Combine(folder, PublicFile), PublicKey + "\n");
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();

    // The text is the secret too: no string of it, which nobody could erase.
    private static LinkIdentity ReadPrivate(string path)
    {
        Span<byte> bytes = stackalloc byte[MaxFileLength];
        Span<char> text = stackalloc char[MaxFileLength];
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Parse(text[..Encoding.Latin1.GetChars(bytes[..length], text)]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            text.Clear();
        }
    }

    /// <summary>Reads a public key from its text, or from the file that the text names.</summary>
    /// <exception cref="LinkException">Neither a key nor a file with one.</exception>
    internal static PublicKey ParsePublic(string textOrPath)
    {
        string text = textOrPath;
        try
        {
            if (text.Length != KeyText.Length && File.Exists(textOrPath))
            {
                text = File.ReadAllText(textOrPath);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LinkException(LinkErrorCode.AuthenticationFailed, $"The public key '{textOrPath}' cannot be read: {e.Message}", e);
        }

        return KeyText.TryParse(KeyAgreementAlgorithm.X25519, text.AsSpan().Trim(), out PublicKey? key)
            ? key
            : throw new LinkException(
                LinkErrorCode.AuthenticationFailed,
                $"'{textOrPath}' is neither a public key (43 characters of base64url) nor a file with one: 'linkcodec keygen -o DIR' writes {PublicFile}.");
    }
}
