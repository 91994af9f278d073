namespace LinkCodec;

/// <summary>The transports that a URI can name.</summary>
public enum LinkScheme
{
    /// <summary>UDP datagrams: <c>udp://host:port</c>.</summary>
    Udp,

    /// <summary>
    /// A file or named pipe that stands for a one-way link: <c>file:PATH</c> (protocol-spec/08-file-format.md).
    /// </summary>
    File,
}
