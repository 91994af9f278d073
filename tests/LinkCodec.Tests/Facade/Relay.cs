using System.Net;
using System.Net.Sockets;

namespace LinkCodec.Tests.Facade;

/// <summary>Stands between two ends on the loopback device and does to datagrams what a test says.</summary>
internal sealed class Relay : IDisposable
{
    private readonly Socket _front = Bound();
    private readonly Socket _back = Bound();
    private readonly EndPoint _target;
    private volatile EndPoint? _client;

    private Relay(LinkEndpoint target) => _target = new IPEndPoint(IPAddress.Loopback, target.Port);

    /// <summary>
    /// What becomes of a datagram on its way to the receiver: the datagrams to send in its place. Given its number.
    /// </summary>
    public Func<byte[], int, IEnumerable<byte[]>> Forward { get; set; } = (datagram, _) => [datagram];

    /// <summary>What becomes of a datagram on its way back to the sender.</summary>
    public Func<byte[], int, IEnumerable<byte[]>> Back { get; set; } = (datagram, _) => [datagram];

    public LinkEndpoint Endpoint => LinkEndpoint.Udp("127.0.0.1", ((IPEndPoint)_front.LocalEndPoint!).Port);

    public static Relay Start(LinkEndpoint target)
    {
        Relay relay = new(target);
        _ = relay.PumpAsync(relay._front, (d, n) => relay.Forward(d, n), from => relay._client = from, relay._back,
            () => relay._target);
        _ = relay.PumpAsync(relay._back, (d, n) => relay.Back(d, n), _ => { }, relay._front, () => relay._client);
        return relay;
    }

    public void Dispose()
    {
        _front.Dispose();
        _back.Dispose();
    }

    private async Task PumpAsync(Socket from, Func<byte[], int, IEnumerable<byte[]>> change, Action<EndPoint> source,
        Socket to, Func<EndPoint?> target)
    {
        byte[] buffer = new byte[65_536];
        try
        {
            for (int number = 0; ; number++)
            {
                SocketReceiveFromResult got = await from.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                source(got.RemoteEndPoint);
                foreach (byte[] datagram in change(buffer[..got.ReceivedBytes], number))
                {
                    if (datagram.Length > 0 && target() is { } where)
                    {
                        await to.SendToAsync(datagram, where);
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The relay was disposed, or an end has gone: nothing more passes.
        }
    }

    private static Socket Bound()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
