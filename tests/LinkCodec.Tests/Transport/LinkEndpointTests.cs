using LinkCodec.Transport;
using Xunit;

namespace LinkCodec.Tests.Transport;

public sealed class LinkEndpointTests
{
    [Theory]
    [InlineData("udp://127.0.0.1:9000", "127.0.0.1", 9000)]
    [InlineData("UDP://gateway.example.org:1", "gateway.example.org", 1)]
    [InlineData("udp://[::1]:65535", "::1", 65535)]
    [InlineData("udp://0.0.0.0:0/", "0.0.0.0", 0)]
    public void Udp_uris_give_host_and_port(string uri, string host, int port)
    {
        LinkEndpoint endpoint = LinkEndpoint.Parse(uri);

        Assert.Equal(LinkEndpoint.Udp(host, port), endpoint);
        Assert.Equal(endpoint, LinkEndpoint.Parse(endpoint.ToString()));
    }

    [Theory]
    [InlineData("file:link.bin", "link.bin")]
    [InlineData("file:/tmp/a b.bin", "/tmp/a b.bin")]
    [InlineData("file:///tmp/link.bin", "/tmp/link.bin")]
    [InlineData("file:../x:y", "../x:y")]
    public void File_uris_give_the_path(string uri, string path)
    {
        LinkEndpoint endpoint = LinkEndpoint.Parse(uri);

        Assert.Equal(LinkEndpoint.File(path), endpoint);
        Assert.Equal(endpoint, LinkEndpoint.Parse(endpoint.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("udp://")]
    [InlineData("udp://host")]
    [InlineData("udp://:9000")]
    [InlineData("udp://host:")]
    [InlineData("udp://host:65536")]
    [InlineData("udp://host:-1")]
    [InlineData("udp://host:+1")]
    [InlineData("udp://host: 1")]
    [InlineData("udp://::1:9000")]
    [InlineData("udp://[host]:9000")]
    [InlineData("udp://[127.0.0.1]:9000")]
    [InlineData("udp://host/path:1")]
    [InlineData("file:")]
    [InlineData("tcp://host:1")]
    [InlineData("serial:/dev/ttyS0")]
    [InlineData("host:9000")]
    public void Anything_else_is_one_clear_line(string uri)
    {
        Assert.False(LinkEndpoint.TryParse(uri, out LinkEndpoint? endpoint, out string? problem));

        Assert.Null(endpoint);
        Assert.Equal($"'{uri}' is not a link: write udp://HOST:PORT or file:PATH.", problem);
        Assert.Throws<FormatException>(() => LinkEndpoint.Parse(uri));
    }
}
