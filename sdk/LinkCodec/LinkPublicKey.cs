using System.Diagnostics.CodeAnalysis;
using System.Text;
using LinkCodec.Core.Security;
using LinkCodec.Keys;
using LinkCodec.Transport.Files;
using NSec.Cryptography;

namespace LinkCodec;

/// <summary>The public key of an end of a link (X25519): what the other end knows it by. Immutable.</summary>
public sealed class LinkPublicKey : IEquatable<LinkPublicKey>
{
    internal LinkPublicKey(PublicKey key) => Key = key;

    internal PublicKey Key { get; }

    /// <summary>
    /// Reads a key from its text: <c>linkcodec-public:</c> and 43 characters of base64url, or these alone.
    /// </summary>
    /// <exception cref="FormatException">The text is not a public key.</exception>
    public static LinkPublicKey Parse(ReadOnlySpan<char> text) =>
        KeyText.TryParse(KeyAgreementAlgorithm.X25519, KeyForm.PublicPart(text), out PublicKey? key)
            ? new LinkPublicKey(key)
            : throw new FormatException("Not a public key: expected linkcodec-public: and 43 characters of base64url.");

    /// <summary>Reads a key's file. One whose text does not say what it is must be named <c>*.pub</c>.</summary>
    /// <exception cref="LinkKeyException">The file is missing, is no regular file, or holds no public key.</exception>
    public static LinkPublicKey Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            string text = Encoding.Latin1.GetString(SmallFile.Read(path, KeyForm.LongestFile));
            KeyForm.RequireTold(path, text, isPrivate: false);
            return Parse(text);
        }
        catch (FormatException e)
        {
            throw new LinkKeyException($"'{path}' is not the other end's public key. {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LinkKeyException($"The public key '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a key from its text, or from the file that the text names.</summary>
    /// <exception cref="LinkKeyException">Neither a key nor a file with one.</exception>
    public static LinkPublicKey ParseOrLoad(string textOrPath)
    {
        ArgumentNullException.ThrowIfNull(textOrPath);
        bool isText = textOrPath.Trim().Length == KeyText.Length
            || textOrPath.StartsWith("linkcodec-", StringComparison.Ordinal);
        if (!isText && File.Exists(textOrPath))
        {
            return Load(textOrPath);
        }

        try
        {
            return isText ? Parse(textOrPath) : throw new FormatException(
                $"'{textOrPath}' is neither a public key (linkcodec-public: and " + "43 characters of base64url) nor "
                    + $"a file with one: 'linkcodec keygen -o DIR' writes {LinkIdentity.PublicFile}.");
        }
        catch (FormatException e)
        {
            throw new LinkKeyException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] LinkPublicKey? other) => other is not null && Key.Equals(other.Key);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as LinkPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode();

    /// <summary>The text: <c>linkcodec-public:</c> and 43 characters of base64url.</summary>
    public override string ToString() => KeyForm.Public + KeyText.Format(Key);
}
