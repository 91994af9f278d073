using System.Text;
using LinkCodec;
using LinkCodec.Media;

// A PNG, PGM, PPM, PAM or TIFF, or a WAV; without one, a picture that is made here.
byte[] file = args.Length > 0 ? File.ReadAllBytes(args[0]) : Picture(width: 192, height: 128);

// The image crosses as its samples, in tiles that each decode alone. Preservation.File: the other end gives out this
// very file; Preservation.Samples would do with one that has the same samples.
MediaOptions media = new()
{
    Kind = MessageKind.Image,
    Preserve = Preservation.File,
    TileSize = 64,
    OnNotice = Console.Error.WriteLine, // It says why a file crosses as it is, where it does.
};
using LinkIdentity here = LinkIdentity.Create(), there = LinkIdentity.Create();
LinkOptions receiving = new() { Identity = there, PeerPublicKey = here.PublicKey };
LinkOptions sending = new()
{
    Identity = here,
    PeerPublicKey = there.PublicKey,
    Rate = new(BitsPerSecond: 128_000),
    Media = media,
};

await using LinkListener listener = await LinkListener.ListenAsync(LinkEndpoint.Udp("127.0.0.1", 0), receiving);
Task<byte[]> arriving = ReceiveAsync(listener);

await using LinkSender sender = await LinkSender.ConnectAsync(listener.Endpoint, sending);
await sender.SendAsync(file);
await sender.CompleteAsync();

byte[] got = await arriving;
bool isSame = got.AsSpan().SequenceEqual(file);
LinkStatistics sent = sender.Statistics;
Console.WriteLine($"{file.Length} bytes of a file; coded as {sent.CodedBytes} bytes; {sent.BytesSent} bytes sent, "
    + $"handshake included; {(isSame ? "identical" : "NOT identical")}");

// What a message carries can be looked at without a link too: MediaMessage makes the content, and the file of it.
ReadOnlyMemory<byte> content = MediaMessage.Carry(file, media);
Console.WriteLine($"as a message: {content.Length} bytes, most of them samples; back as a file: "
    + $"{MediaMessage.Restore(content).Length} bytes");
return isSame ? 0 : 1;

// A receiver restores files by itself; it needs no option for it.
static async Task<byte[]> ReceiveAsync(LinkListener listener)
{
    await using LinkReceiver receiver = await listener.AcceptAsync();
    byte[] got = [];
    await foreach ((_, ReadOnlyMemory<byte> message) in receiver.ReceiveAsync())
    {
        got = message.ToArray();
    }

    return got;
}

// A PGM of 8 bits: soft waves, and a little noise.
static byte[] Picture(int width, int height)
{
    List<byte> file = [.. Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n")];
    uint noise = 1;
    for (int at = 0; at < width * height; at++)
    {
        noise = (noise * 1664525) + 1013904223;
        int x = (at % width) - (width / 2), y = (at / width) - (height / 2);
        int wave = ((x * x) + (2 * y * y)) / 97 % 256;
        file.Add((byte)((wave < 128 ? wave : 255 - wave) + 60 + (noise >> 30)));
    }

    return [.. file];
}
