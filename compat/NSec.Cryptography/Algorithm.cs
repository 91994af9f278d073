namespace NSec.Cryptography;

/// <summary>Base of every algorithm.</summary>
public abstract class Algorithm
{
    private protected Algorithm() => Libsodium.EnsureInitialized();

    internal virtual int GetKeySize() => throw new NotSupportedException("The algorithm does not use keys.");

    internal virtual int GetPublicKeySize() => throw new NotSupportedException("The algorithm does not use public keys.");

    /// <summary>The format of the algorithm's secret keys.</summary>
    internal virtual KeyBlobFormat SecretFormat => throw new NotSupportedException("The algorithm does not use keys.");

    /// <summary>The format of the algorithm's public keys; None for symmetric algorithms.</summary>
    internal virtual KeyBlobFormat PublicFormat => throw new NotSupportedException("The algorithm does not use public keys.");

    /// <summary>Makes what the key handle holds from the raw key; the first <see cref="GetKeySize"/> bytes stay the raw key.</summary>
    internal virtual SecureMemoryHandle Expand(ReadOnlySpan<byte> rawKey, out PublicKey? publicKey) =>
        throw new NotSupportedException("The algorithm does not use keys.");

    internal static ArgumentException FormatNotSupported(KeyBlobFormat format, string parameter) =>
        new($"The key BLOB format '{format}' is not supported by the algorithm.", parameter);

    private protected void CheckKey(Key key, string parameter)
    {
        ArgumentNullException.ThrowIfNull(key, parameter);
        if (key.Algorithm != this)
        {
            throw new ArgumentException("The key belongs to another algorithm.", parameter);
        }
    }

    private protected void CheckKey(PublicKey key, string parameter)
    {
        ArgumentNullException.ThrowIfNull(key, parameter);
        if (key.Algorithm != this)
        {
            throw new ArgumentException("The public key belongs to another algorithm.", parameter);
        }
    }
}
