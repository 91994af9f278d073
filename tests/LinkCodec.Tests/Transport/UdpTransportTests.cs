using System.Net;
using LinkCodec.Core.Primitives;
using LinkCodec.Transport;
using LinkCodec.Transport.Udp;
using Xunit;

namespace LinkCodec.Tests.Transport;

public sealed class UdpTransportTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[2048];

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("localhost", "localhost")]
    public async Task A_datagram_and_its_answer_cross(string listenHost, string targetHost)
    {
        using CancellationTokenSource limit = new(Limit);
        await using UdpTransport server = await UdpTransport.ListenAsync(listenHost, 0);
        await using UdpTransport client = await UdpTransport.ConnectAsync(targetHost, server.LocalEndPoint.Port);

        await client.SendAsync(new byte[] { 1, 2, 3 }, null, limit.Token);
        ReceivedDatagram asked = await server.ReceiveAsync(_buffer, limit.Token);
        Assert.Equal([1, 2, 3], _buffer[..asked.Length]);
        Assert.Equal(client.LocalEndPoint, asked.From);

        await server.SendAsync(new byte[] { 4 }, asked.From, limit.Token);
        ReceivedDatagram answer = await client.ReceiveAsync(_buffer, limit.Token);
        Assert.Equal([4], _buffer[..answer.Length]);
        Assert.Equal(server.LocalEndPoint.Port, ((IPEndPoint)answer.From!).Port);
    }

    [Fact]
    public async Task A_listener_answers_several_peers_and_follows_one_that_moves()
    {
        using CancellationTokenSource limit = new(Limit);
        await using UdpTransport server = await UdpTransport.ListenAsync("127.0.0.1", 0);
        int port = server.LocalEndPoint.Port;
        List<UdpTransport> clients = [];
        for (int i = 0; i < 4; i++)
        {
            UdpTransport client = await UdpTransport.ConnectAsync("127.0.0.1", port);
            clients.Add(client);
            await client.SendAsync(new[] { (byte)i }, null, limit.Token);
            ReceivedDatagram asked = await server.ReceiveAsync(_buffer, limit.Token);
            await server.SendAsync(new[] { (byte)(100 + i) }, asked.From, limit.Token);
        }

        for (int i = 0; i < 4; i++)
        {
            await server.SendAsync(new[] { (byte)(50 + i) }, clients[i].LocalEndPoint, limit.Token);
            Assert.Equal(1, (await clients[i].ReceiveAsync(_buffer, limit.Token)).Length);
            Assert.Equal(100 + i, _buffer[0]);
            Assert.Equal(1, (await clients[i].ReceiveAsync(_buffer, limit.Token)).Length);
            Assert.Equal(50 + i, _buffer[0]);
            await clients[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task Refused_datagrams_are_loss_and_the_link_works_once_the_peer_is_there()
    {
        using CancellationTokenSource limit = new(Limit);
        UdpTransport absent = await UdpTransport.ListenAsync("127.0.0.1", 0);
        int port = absent.LocalEndPoint.Port;
        await absent.DisposeAsync();
        await using UdpTransport client = await UdpTransport.ConnectAsync("127.0.0.1", port);

        Task<ReceivedDatagram> receiving = client.ReceiveAsync(_buffer, limit.Token).AsTask();
        for (int i = 0; i < 10 || client.UndeliverableDatagrams == 0; i++)
        {
            await client.SendAsync(new byte[] { 0 }, null, limit.Token);
        }

        await using UdpTransport late = await UdpTransport.ListenAsync("127.0.0.1", port);
        await client.SendAsync(new byte[] { 7 }, null, limit.Token);
        ReceivedDatagram asked = await late.ReceiveAsync(new byte[2048], limit.Token);
        await late.SendAsync(new byte[] { 8 }, (IPEndPoint)asked.From!, limit.Token);
        Assert.Equal(1, (await receiving).Length);
        Assert.Equal(8, _buffer[0]);
    }

    [Fact]
    public async Task A_datagram_longer_than_the_limit_is_dropped_and_not_cut()
    {
        using CancellationTokenSource limit = new(Limit);
        UdpTransportOptions narrow = new() { MaxDatagramSize = 270 };
        await using UdpTransport server = await UdpTransport.ListenAsync("127.0.0.1", 0, narrow);
        await using UdpTransport client = await UdpTransport.ConnectAsync("127.0.0.1", server.LocalEndPoint.Port);

        await client.SendAsync(new byte[271], null, limit.Token);
        await client.SendAsync(new byte[270], null, limit.Token);

        Assert.Equal(270, (await server.ReceiveAsync(_buffer, limit.Token)).Length);
        Assert.Equal(1, server.OverlongDatagrams);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => server.SendAsync(new byte[271], client.LocalEndPoint).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => client.SendAsync(ReadOnlyMemory<byte>.Empty).AsTask());
    }

    [Fact]
    public async Task Cancelling_ends_a_receive_at_once_and_the_transport_lives_on()
    {
        using CancellationTokenSource limit = new(Limit);
        await using UdpTransport server = await UdpTransport.ListenAsync("127.0.0.1", 0);
        await using UdpTransport client = await UdpTransport.ConnectAsync("127.0.0.1", server.LocalEndPoint.Port);
        using CancellationTokenSource cancel = new();
        Task<ReceivedDatagram> receiving = server.ReceiveAsync(_buffer, cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.WaitAsync(limit.Token));

        await client.SendAsync(new byte[] { 9 }, null, limit.Token);
        Assert.Equal(1, (await server.ReceiveAsync(_buffer, limit.Token)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_ends_a_receive_closes_once_and_returns_the_buffer(bool receiveUnderWay)
    {
        using CancellationTokenSource limit = new(Limit);
        CountingPool pool = new();
        UdpTransport server = await UdpTransport.ListenAsync("127.0.0.1", 0, new() { Pool = pool });
        Task? receiving = receiveUnderWay ? server.ReceiveAsync(_buffer, limit.Token).AsTask() : null;
        Assert.Equal(1, pool.Outstanding);

        await server.DisposeAsync();
        await server.DisposeAsync();
        if (receiving is not null)
        {
            Exception ended = await Assert.ThrowsAnyAsync<Exception>(() => receiving.WaitAsync(limit.Token));
            Assert.True(ended is ObjectDisposedException or OperationCanceledException, ended.ToString());
        }

        Assert.Equal(0, pool.Outstanding);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => server.ReceiveAsync(_buffer).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => server.SendAsync(new byte[1], new IPEndPoint(IPAddress.Loopback, 1)).AsTask());
    }

    [Fact]
    public async Task A_taken_port_and_an_unknown_host_are_one_clear_line()
    {
        await using UdpTransport first = await UdpTransport.ListenAsync("127.0.0.1", 0);
        int taken = first.LocalEndPoint.Port;

        LinkException occupied =
            await Assert.ThrowsAsync<LinkException>(() => UdpTransport.ListenAsync("127.0.0.1", taken));
        LinkException unknown =
            await Assert.ThrowsAsync<LinkException>(() => UdpTransport.ConnectAsync("no-such-host.invalid", 1));

        Assert.Equal(LinkErrorCode.TransportFailed, occupied.Code);
        Assert.StartsWith($"cannot open udp://127.0.0.1:{taken}: ", occupied.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', occupied.Message);
        Assert.Equal(LinkErrorCode.TransportFailed, unknown.Code);
        Assert.StartsWith("cannot find the host 'no-such-host.invalid': ", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Misuse_throws_what_the_caller_can_mend()
    {
        await using UdpTransport server = await UdpTransport.ListenAsync("127.0.0.1", 0);
        await using UdpTransport client = await UdpTransport.ConnectAsync("127.0.0.1", server.LocalEndPoint.Port);

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.SendAsync(new byte[1]).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(
            () => server.ReceiveAsync(new byte[server.MaxDatagramSize - 1]).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.SendAsync(new byte[1], new IPEndPoint(IPAddress.Loopback, 1)).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => UdpTransport.ConnectAsync("127.0.0.1", 0));
        using CancellationTokenSource cancel = new();
        Task first = server.ReceiveAsync(_buffer, cancel.Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.ReceiveAsync(_buffer).AsTask());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }
}
