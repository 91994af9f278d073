using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LinkCodec.Transport.Files;

namespace LinkCodec.CommandLine;

/// <summary>The options that name keys, under the same names in every command.</summary>
public sealed class KeyArguments
{
    private const int PskLength = 32;

    private readonly Option<string?> _identity = new("--identity")
    {
        Description = "File with this end's private key (linkcodec keygen).",
    };
    private readonly Option<string?> _peer = new("--peer")
    {
        Description = "The other end's public key, or a file with it.",
    };
    private readonly Option<string?> _psk = new("--psk")
    {
        Description = "File with 32 bytes that both ends share beside their keys.",
    };
    private readonly Option<bool> _published = new("--published-keys")
    {
        Description = "For a link without a return path: keys that anyone may know, in place of --identity and --peer; "
            + "sealed against damage, not against readers.",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isLink">Whether published keys have to be asked for; they are what a packed file takes where it is
    /// given none.</param>
    public void AddTo(Command command, bool isLink)
    {
        ArgumentNullException.ThrowIfNull(command);
        foreach (Option option in isLink
            ? new Option[] { _identity, _peer, _psk, _published }
            : [_identity, _peer, _psk])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The files among the keys: no output may be one of them.</summary>
    public IEnumerable<string> Files(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return new[] { parsed.GetValue(_identity), parsed.GetValue(_peer), parsed.GetValue(_psk) }.OfType<string>()
            .Where(File.Exists);
    }

    /// <summary>The options of a link or a packed file, with the keys as given.</summary>
    /// <exception cref="UsageException">A key is missing, or is the wrong one.</exception>
    /// <exception cref="LinkKeyException">A key file cannot be read.</exception>
    public LinkOptions ReadForFile(ParseResult parsed, LinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return parsed.GetValue(_identity) is null && parsed.GetValue(_peer) is null
            ? options with { UsePublishedKeys = true, PresharedKey = ReadPsk(parsed) }
            : ReadBoth(parsed, options);
    }

    /// <summary>The options of a link, with the keys as given.</summary>
    /// <exception cref="UsageException">A key is missing, or is the wrong one.</exception>
    /// <exception cref="LinkKeyException">A key file cannot be read.</exception>
    public LinkOptions ReadForLink(ParseResult parsed, LinkOptions options, bool hasReturnPath)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(options);
        if (!parsed.GetValue(_published))
        {
            return ReadBoth(parsed, options,
                hasReturnPath ? "" : "; or --published-keys, which seals against damage and not against readers");
        }

        return hasReturnPath
            ? throw new UsageException("--published-keys is for links without a return path: file:PATH, or --one-way")
            : parsed.GetValue(_identity) is not null || parsed.GetValue(_peer) is not null ? throw new UsageException(
                "--published-keys takes the place of --identity and --peer: give one or the other")
            : options with { UsePublishedKeys = true, PresharedKey = ReadPsk(parsed) };
    }

    /// <summary>Waits for a command's work, and erases the secrets of its options.</summary>
    public static async Task<int> EraseAfterAsync(LinkOptions options, Task<int> work)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return await work.ConfigureAwait(false);
        }
        finally
        {
            options.Identity?.Dispose();
            if (options.PresharedKey is { } psk && MemoryMarshal.TryGetArray(psk, out ArraySegment<byte> bytes))
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }
    }

    private LinkOptions ReadBoth(ParseResult parsed, LinkOptions options, string otherwise = "")
    {
        string identity = parsed.GetValue(_identity)
            ?? throw new UsageException("--identity is missing: make a key with 'linkcodec keygen -o DIR' and give "
                + $"DIR/identity.key{otherwise}");
        string peer = parsed.GetValue(_peer) ?? throw new UsageException(
            "--peer is missing: give the other end's public key, the text in its identity.pub");
        LinkIdentity own = LinkIdentity.Load(identity);
        WarnIfReadable(identity, parsed);
        LinkPublicKey other = LinkPublicKey.ParseOrLoad(peer);
        return own.PublicKey.Equals(other)
            ? throw new UsageException($"--peer {peer} is the public key of --identity: give the other end's")
            : options with { Identity = own, PeerPublicKey = other, PresharedKey = ReadPsk(parsed) };
    }

    private ReadOnlyMemory<byte>? ReadPsk(ParseResult parsed)
    {
        if (parsed.GetValue(_psk) is not { } path)
        {
            return null;
        }

        try
        {
            byte[] psk = SmallFile.Read(path, PskLength);
            if (psk.Length != PskLength)
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                    $"--psk {path}: expected {PskLength} bytes, found {psk.Length}"));
            }

            WarnIfReadable(path, parsed);
            return psk;
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UsageException($"--psk {path}: expected a file of {PskLength} bytes. {e.Message}", e);
        }
    }

    private static void WarnIfReadable(string path, ParseResult parsed)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            CommandHost.Say(parsed.InvocationConfiguration.Error,
                $"warning: others can read the secret in '{path}': chmod 600 {path}");
        }
    }
}
