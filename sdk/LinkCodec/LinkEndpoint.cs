using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LinkCodec;

/// <summary>
/// The place where a link begins or ends, as a person writes it: <c>udp://host:port</c> or <c>file:PATH</c>.
/// </summary>
/// <remarks>
/// An endpoint is immutable. Parsing touches neither the network nor the disk: host names are looked up when a
/// transport opens.
/// </remarks>
public sealed record LinkEndpoint
{
    private const string UdpPrefix = "udp://";
    private const string FilePrefix = "file:";

    private LinkEndpoint(LinkScheme scheme, string target, int port)
    {
        Scheme = scheme;
        Target = target;
        Port = port;
    }

    /// <summary>The scheme, which says what transport carries the link.</summary>
    public LinkScheme Scheme { get; }

    /// <summary>The host name or address (without the brackets of an IPv6 address), or the path of the file.</summary>
    public string Target { get; }

    /// <summary>The UDP port, 0..65535 (0 lets a listener take a free one); 0 for a file.</summary>
    public int Port { get; }

    /// <summary>The UDP endpoint of a host and a port.</summary>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty or <paramref name="port"/> is not
    /// 0..65535.</exception>
    public static LinkEndpoint Udp(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        return new(LinkScheme.Udp, host, port);
    }

    /// <summary>The endpoint of a file that stands for a one-way link; <c>-</c> is standard input or output.</summary>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public static LinkEndpoint File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(LinkScheme.File, path, 0);
    }

    /// <summary>Reads a URI.</summary>
    /// <exception cref="FormatException">The text is no such URI; the message is one clear line for a
    /// person.</exception>
    public static LinkEndpoint Parse(string uri) =>
        TryParse(uri, out LinkEndpoint? endpoint, out string? problem) ? endpoint : throw new FormatException(problem);

    /// <summary>
    /// Reads a URI; <see langword="false"/> with one clear line in <paramref name="problem"/> when it is not one.
    /// </summary>
    public static bool TryParse(
        string? uri,
        [NotNullWhen(true)] out LinkEndpoint? endpoint,
        [NotNullWhen(false)] out string? problem)
    {
        endpoint = null;
        problem = null;
        if (uri is not null && uri.StartsWith(UdpPrefix, StringComparison.OrdinalIgnoreCase))
        {
            endpoint = ParseUdp(uri.AsSpan(UdpPrefix.Length).TrimEnd('/'));
        }
        else if (uri is not null && uri.StartsWith(FilePrefix, StringComparison.OrdinalIgnoreCase))
        {
            string path = uri[FilePrefix.Length..];
            // file:///a is the same file as file:/a
            path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
            endpoint = path.Length == 0 || path.Contains('\0') ? null : File(path);
        }

        problem = endpoint is null ? $"'{uri}' is not a link: write udp://HOST:PORT or file:PATH." : null;
        return endpoint is not null;
    }

    /// <summary>The URI.</summary>
    public override string ToString() => Scheme == LinkScheme.File
        ? FilePrefix + Target
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{UdpPrefix}{(Target.Contains(':') ? $"[{Target}]" : Target)}:{Port}");

    private static LinkEndpoint? ParseUdp(ReadOnlySpan<char> text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > 65535)
        {
            return null;
        }

        ReadOnlySpan<char> host = text[..colon];
        bool bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        host = bracketed ? host[1..^1] : host;
        bool valid = bracketed
            ? System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address)
                && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            : Uri.CheckHostName(host.ToString()) is UriHostNameType.Dns or UriHostNameType.IPv4;
        return valid ? Udp(host.ToString(), port) : null;
    }
}
