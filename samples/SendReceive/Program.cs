using System.Text;
using LinkCodec;

using LinkIdentity here = LinkIdentity.Create(), there = LinkIdentity.Create();
LinkOptions receiving = new() { Identity = there, PeerPublicKey = here.PublicKey };
LinkOptions sending = new() { Identity = here, PeerPublicKey = there.PublicKey, Rate = new(BitsPerSecond: 9600) };

await using LinkListener listener = await LinkListener.ListenAsync(LinkEndpoint.Udp("127.0.0.1", 0), receiving);
Task printing = PrintAsync(listener);

await using LinkSender sender = await LinkSender.ConnectAsync(listener.Endpoint, sending);
await sender.SendAsync("METAR KSFO 011256Z 28010KT 10SM FEW008 14/11 A3002"u8.ToArray());
await sender.SendAsync("""{"class":"TPV","mode":3,"lat":37.6188,"lon":-122.3754,"alt":4.0}"""u8.ToArray());
await sender.SendAsync("The pump is running again; pressure is back to normal."u8.ToArray());
await sender.CompleteAsync();

await printing;
LinkStatistics sent = sender.Statistics;
Console.WriteLine($"{sent.MessageBytes} bytes in {sent.Messages} messages; coded as {sent.CodedBytes} bytes; "
    + $"{sent.BytesSent} bytes sent, handshake included");

static async Task PrintAsync(LinkListener listener)
{
    await using LinkReceiver receiver = await listener.AcceptAsync();
    await foreach ((ulong number, ReadOnlyMemory<byte> content) in receiver.ReceiveAsync())
    {
        Console.WriteLine($"{number}: {Encoding.UTF8.GetString(content.Span)}");
    }
}
