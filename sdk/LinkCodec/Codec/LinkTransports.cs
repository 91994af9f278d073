using LinkCodec.Transport;
using LinkCodec.Transport.Files;
using LinkCodec.Transport.Udp;

namespace LinkCodec;

/// <summary>Opens the transport that an endpoint names: one line a scheme.</summary>
internal static class LinkTransports
{
    public static async Task<IDatagramTransport> ConnectAsync(LinkEndpoint to, LinkOptions options, CancellationToken cancellationToken) => to.Scheme switch
    {
        LinkScheme.File => FileTransportWriter.Create(to, options.Context == ContextMode.Chained),
        _ => await UdpTransport.ConnectAsync(to, Udp(options), cancellationToken).ConfigureAwait(false),
    };

    public static async Task<(IDatagramTransport Transport, LinkEndpoint Endpoint)> ListenAsync(
        LinkEndpoint at, LinkOptions options, CancellationToken cancellationToken)
    {
        if (at.Scheme == LinkScheme.File)
        {
            return (FileTransportReader.Open(at), at);
        }

        UdpTransport transport = await UdpTransport.ListenAsync(at, Udp(options), cancellationToken).ConfigureAwait(false);
        return (transport, LinkEndpoint.Udp(at.Target, transport.LocalEndPoint.Port));
    }

    private static UdpTransportOptions Udp(LinkOptions options) => new() { MaxDatagramSize = Math.Max(options.MaxDatagramSize, 1452) };
}
