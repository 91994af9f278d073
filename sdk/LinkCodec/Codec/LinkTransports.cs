using LinkCodec.Core.Endpoint;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;
using LinkCodec.Transport.Udp;

namespace LinkCodec.Codec;

/// <summary>Opens the transport that an endpoint names: one line a scheme.</summary>
internal static class LinkTransports
{
    public static async Task<IDatagramTransport> ConnectAsync(
        LinkEndpoint to, LinkOptions options, CancellationToken cancellationToken) =>
        to.Scheme switch
        {
            LinkScheme.File => FileTransportWriter.Create(to.Target, options.Context == ContextMode.Chained),
            _ => await UdpTransport.ConnectAsync(to.Target, to.Port, Udp(options), cancellationToken)
                .ConfigureAwait(false),
        };

    public static async Task<(IDatagramTransport Transport, LinkEndpoint Endpoint)> ListenAsync(
        LinkEndpoint at, LinkOptions options, CancellationToken cancellationToken)
    {
        if (at.Scheme == LinkScheme.File)
        {
            return (FileTransportReader.Open(at.Target), at);
        }

        UdpTransport transport = await UdpTransport.ListenAsync(at.Target, at.Port, Udp(options), cancellationToken)
            .ConfigureAwait(false);
        return (transport, LinkEndpoint.Udp(at.Target, transport.LocalEndPoint.Port));
    }

    private static UdpTransportOptions Udp(LinkOptions options) =>
        new() { MaxDatagramSize = Math.Max(options.MaxDatagramSize, 1452) };
}
