using System.IO.Pipelines;
using LinkCodec;
using LinkCodec.Core.Compression;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: PackFile INPUT PACKED RESTORED   (each line of INPUT is a message)");
    return 2;
}

// A file is a link without a way back: no handshake answer, nothing repeated. Without an Identity and a PeerPublicKey, the published keys
// have to be asked for: they seal against damage, and anyone can read the file.
LinkOptions options = new() { UsePublishedKeys = true };
OutputFile.RequireOther(args[1], args[0]);
await using (LinkSender sender = await LinkSender.ConnectAsync(LinkEndpoint.File(args[1]), options))
{
    await using FileStream input = File.OpenRead(args[0]);
    sender.Begin(new StreamLayout(MessageFormat.Lines, HasOpenTail: false));
    bool openTail = await sender.SendAllAsync(PipeReader.Create(input), MessageFormat.Lines);
    await sender.CompleteAsync(new StreamLayout(MessageFormat.Lines, openTail));
    Console.WriteLine($"{sender.Statistics.MessageBytes} bytes in {sender.Statistics.Messages} messages -> {sender.Statistics.BytesSent} bytes");
}

await using LinkReceiver receiver = await LinkReceiver.ListenAsync(LinkEndpoint.File(args[1]), options);
await using OutputFile file = OutputFile.Create(args[2], args[0], args[1]); // Takes its name when it is whole.
Stream output = file.Stream;
ulong count = 0;
await foreach (ReceivedMessage message in receiver.ReceiveAsync())
{
    await output.WriteAsync(message.Content);
    output.WriteByte((byte)'\n');
    count++;
}

if (receiver.Layout is { HasOpenTail: true })
{
    output.SetLength(output.Length - 1);
}

file.Commit();
Console.WriteLine($"restored {count} of {receiver.TotalMessages} messages");
return receiver.TotalMessages == count ? 0 : 1;
