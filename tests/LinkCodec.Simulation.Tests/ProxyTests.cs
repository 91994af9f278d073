using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Session;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Proxy;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Runs;
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

    [Fact]
    public async Task In_real_time_a_link_carries_the_datagrams_of_virtual_time()
    {
        RuleSpec[] lossless = [Links.Rate(96_000, 65536), Links.Delay(0.3)];
        Scenario scenario = new("test", "test", lossless, lossless);
        RunInput input = new(
            scenario, Runs.Messages(), TimeSpan.Zero, TimeSpan.FromMinutes(5), ContextMode.None, FillSegments: true,
            Effort: Effort.Flight); // What auto chooses depends on the machine's speed.
        using RunCodec codec = RunCodec.LinkCodec(LinkSnapshots.None);
        using LinkEnds ends = new(input, codec, seed: 1);
        using CodecRuns simulated = new(input, codec, threads: 1);
        RunResult expected = simulated.Run(seed: 1);

        using LinkModel link = scenario.Build(1);
        SentBytes sent = await RunAsync(ends, codec, link, input.Messages);

        // A machine that makes a report late has something sent again: it is no part of this.
        Assert.Equal("complete", expected.Ended);
        Assert.Equal((expected.Sent.Code, expected.Sent.Framing), (sent.Code, sent.Framing));
    }

    // The same ends, as processes have them, with sockets and the system's clock.
    private static async Task<SentBytes> RunAsync(
        LinkEnds ends, RunCodec codec, LinkModel link, IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        using CancellationTokenSource limit = new(Limit);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        LinkEndpoint any = LinkEndpoint.Udp("127.0.0.1", 0);
        await using LinkListener listener = await LinkListener.ListenAsync(any, ends.Receiver, codec.Snapshots);
        await using UdpTransport entry = await UdpTransport.ListenAsync("127.0.0.1", 0);
        await using UdpTransport exit = await UdpTransport.ConnectAsync("127.0.0.1", listener.Endpoint.Port);
        Task carrying = new LinkProxy(entry, exit, link).RunAsync(stop.Token);
        Task<List<ReadOnlyMemory<byte>>> receiving = ReceiveAsync(listener, limit.Token);
        LinkEndpoint to = LinkEndpoint.Udp("127.0.0.1", entry.LocalEndPoint.Port);
        SentBytes sent;
        await using (LinkSender sender = await LinkSender.ConnectAsync(to, ends.Sender, codec.Snapshots, limit.Token))
        {
            foreach (ReadOnlyMemory<byte> message in messages)
            {
                await sender.SendAsync(message, limit.Token);
            }

            await sender.CompleteAsync(limit.Token);
            sent = sender.Statistics.Sent;
        }

        Assert.Equal(messages.Select(message => message.ToArray()),
            (await receiving).Select(message => message.ToArray()));
        await stop.CancelAsync();
        await carrying;
        return sent;
    }

    private static async Task<List<ReadOnlyMemory<byte>>> ReceiveAsync(LinkListener listener, CancellationToken stop)
    {
        await using LinkReceiver receiver = await listener.AcceptAsync(stop);
        List<ReadOnlyMemory<byte>> all = [];
        await foreach ((_, ReadOnlyMemory<byte> content) in receiver.ReceiveAsync(stop))
        {
            all.Add(content);
        }

        return all;
    }
}
