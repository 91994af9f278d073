using System.Security.Cryptography;
using System.Text;
using LinkCodec.Core.Security;
using LinkCodec.Keys;
using LinkCodec.Transport.Files;
using NSec.Cryptography;

namespace LinkCodec;

/// <summary>An end's own key pair (X25519). Erased on dispose. Thread-safe.</summary>
public sealed class LinkIdentity : IDisposable
{
    /// <summary>Name of the private key's file in a key folder.</summary>
    public const string PrivateFile = "identity.key";

    /// <summary>Name of the public key's file in a key folder.</summary>
    public const string PublicFile = "identity.pub";

    private LinkIdentity(Key key) => Key = key;

    /// <summary>The public key, to be given to the other end.</summary>
    public LinkPublicKey PublicKey => new(Key.PublicKey);

    internal Key Key { get; }

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    /// <summary>Makes a new key pair.</summary>
    public static LinkIdentity Create() => new(Key.Create(KeyAgreementAlgorithm.X25519, Exportable));

    /// <summary>
    /// Reads a private key from its text: <c>linkcodec-private:</c> and 43 characters of base64url, or these alone.
    /// </summary>
    /// <exception cref="FormatException">The text is not a private key.</exception>
    public static LinkIdentity Parse(ReadOnlySpan<char> text) =>
        KeyText.TryParse(KeyAgreementAlgorithm.X25519, KeyForm.PrivatePart(text), out Key? key, Exportable)
            ? new LinkIdentity(key)
            : throw new FormatException(
                "Not a private key: expected linkcodec-private: and 43 characters of base64url.");

    /// <summary>
    /// Reads a private key's file. One whose text does not say what it is must be named <c>*.key</c>.
    /// </summary>
    /// <exception cref="LinkKeyException">The file is missing, is no regular file, or holds no private key; the message
    /// says what to run.</exception>
    public static LinkIdentity Load(string path)
    {
        char[] text = [];
        try
        {
            text = ReadText(path);
            KeyForm.RequireTold(path, text, isPrivate: true);
            return Parse(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new LinkKeyException(
                $"No private key in '{path}': make one with 'linkcodec keygen -o DIR'. ({e.Message})", e);
        }
        finally
        {
            Array.Clear(text);
        }
    }

    /// <summary>
    /// Writes both keys into a folder, which is made if it is missing; the private key is readable by its owner alone.
    /// Both are written or none.
    /// </summary>
    /// <exception cref="IOException">A key is there already, or the folder cannot be written.</exception>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        string[] paths = [Path.Combine(folder, PublicFile), Path.Combine(folder, PrivateFile)];
        if (paths.FirstOrDefault(File.Exists) is { } there)
        {
            throw new IOException($"'{there}' holds a key already; it is not overwritten.");
        }

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using OutputFile open = OutputFile.CreateNew(paths[0], Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using OutputFile secret = OutputFile.CreateNew(paths[1], Owner);
        byte[] text = new byte[KeyForm.Private.Length + KeyText.Length + 1];
        char[] key = new char[KeyText.Length];
        try
        {
            KeyText.Format(Key, key);
            Encoding.ASCII.GetBytes(KeyForm.Private, text);
            Encoding.ASCII.GetBytes(key, text.AsSpan(KeyForm.Private.Length));
            text[^1] = (byte)'\n';
            secret.Stream.Write(text);
        }
        finally
        {
            Array.Clear(key);
            CryptographicOperations.ZeroMemory(text);
        }

        open.Stream.Write(Encoding.ASCII.GetBytes($"{PublicKey}\n"));
        open.Commit();
        try
        {
            secret.Commit();
        }
        catch
        {
            File.Delete(paths[0]); // A public key whose private key is nowhere is of no use.
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();

    private static char[] ReadText(string path)
    {
        byte[] bytes = SmallFile.Read(path, KeyForm.LongestFile);
        char[] text = Encoding.Latin1.GetChars(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }
}
