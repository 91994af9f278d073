using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Proxy;
using LinkCodec.Simulator.Scenarios;
using LinkCodec.Transport;
using LinkCodec.Transport.Udp;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class ProxyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[2048];

    [Fact]
    public async Task Datagrams_cross_both_ways_in_order_and_a_client_that_rebinds_is_followed()
    {
        using CancellationTokenSource limit = new(Limit);
        using CancellationTokenSource stop = new();
        await using UdpTransport server = await UdpTransport.ListenAsync("127.0.0.1", 0);
        await using UdpTransport entry = await UdpTransport.ListenAsync("127.0.0.1", 0);
        await using UdpTransport exit = await UdpTransport.ConnectAsync("127.0.0.1", server.LocalEndPoint.Port);
        RuleSpec[] lossless = [Links.Rate(1e9), Links.Delay(0.002)];
        using LinkModel link = new Scenario("test", "test", lossless, lossless).Build(1);
        Task running = new LinkProxy(entry, exit, link).RunAsync(stop.Token);

        int number = 0;
        System.Net.EndPoint? address = null;
        for (int client = 0; client < 2; client++)
        {
            await using UdpTransport sender = await UdpTransport.ConnectAsync("127.0.0.1", entry.LocalEndPoint.Port);
            for (int burst = 0; burst < 20; burst++)
            {
                for (int i = 0; i < 16; i++)
                {
                    await sender.SendAsync(Links.Datagram(number + i, 1000), null, limit.Token);
                }

                for (int i = 0; i < 16; i++, number++)
                {
                    ReceivedDatagram got = await server.ReceiveAsync(_buffer, limit.Token);
                    Assert.Equal(Links.Datagram(number, 1000), _buffer[..got.Length]);
                    address = got.From;
                }

                await server.SendAsync(Links.Datagram(number, 20), address, limit.Token);
                Assert.Equal(20, (await sender.ReceiveAsync(_buffer, limit.Token)).Length);
                Assert.Equal(number, BitConverter.ToInt32(_buffer));
            }
        }

        await stop.CancelAsync();
        await running.WaitAsync(limit.Token);
        Assert.Equal(640, link.Forward.Counters.Arrived);
        Assert.Equal(40, link.Return.Counters.Arrived);
    }

    [Fact]
    public async Task A_socket_that_dies_ends_the_proxy_with_its_error()
    {
        using CancellationTokenSource limit = new(Limit);
        UdpTransport entry = await UdpTransport.ListenAsync("127.0.0.1", 0);
        await using UdpTransport exit = await UdpTransport.ConnectAsync("127.0.0.1", 9);
        using LinkModel link = BuiltInScenarios.Find("demo").Build(1);
        Task running = new LinkProxy(entry, exit, link).RunAsync(limit.Token);

        await entry.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.WaitAsync(Limit));
    }
}
