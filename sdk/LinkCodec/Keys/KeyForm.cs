using LinkCodec.Core.Security;

namespace LinkCodec.Keys;

/// <summary>The text of a key: what it is, a colon, and 43 characters. Older ones are 43 characters alone.</summary>
internal static class KeyForm
{
    public const string Private = "linkcodec-private:";
    public const string Public = "linkcodec-public:";

    /// <summary>Characters that a key's file has at most, space around the key included.</summary>
    public const int LongestFile = 256;

    /// <summary>
    /// The 43 characters of a private key: <paramref name="text"/> may be bare, since its giver says what it is.
    /// </summary>
    /// <exception cref="FormatException">The text is a public key.</exception>
    public static ReadOnlySpan<char> PrivatePart(ReadOnlySpan<char> text) => Part(text, Private, Public,
        "This is a public key, the other end's or one to give away; the private key is needed here.");

    /// <summary>
    /// The 43 characters of a public key: <paramref name="text"/> may be bare, since its giver says what it is.
    /// </summary>
    /// <exception cref="FormatException">The text is a private key.</exception>
    public static ReadOnlySpan<char> PublicPart(ReadOnlySpan<char> text) => Part(text, Public, Private,
        "This is a private key, which never leaves its own end; the other end's public key is needed here.");

    /// <summary>Refuses a bare key in a file whose name says that it is of the other kind, or says nothing.</summary>
    /// <exception cref="FormatException">The key's kind cannot be told, or is the wrong one.</exception>
    public static void RequireTold(string path, ReadOnlySpan<char> text, bool isPrivate)
    {
        if (text.Trim().Length != KeyText.Length)
        {
            return; // The text says what it is, or is no key at all.
        }

        (string own, string other, string extension) = isPrivate
            ? ("private", "public", ".key")
            : ("public", "private", ".pub");
        string found = Path.GetExtension(path);
        if (found != extension)
        {
            throw new FormatException(found is ".key" or ".pub"
                ? $"By its name this is a {other} key; the {own} one is needed here."
                : $"It does not say whether its key is private or public: if it is {own}, put 'linkcodec-{own}:' "
                    + "before it.");
        }
    }

    private static ReadOnlySpan<char> Part(ReadOnlySpan<char> text, string own, string other, string complaint)
    {
        text = text.Trim();
        return text.StartsWith(other, StringComparison.Ordinal) ? throw new FormatException(complaint)
            : text.StartsWith(own, StringComparison.Ordinal) ? text[own.Length..] : text;
    }
}
