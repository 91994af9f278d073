using System.IO.Pipelines;
using LinkCodec;
using LinkCodec.Core.Compression;
using LinkCodec.Transport;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: PackFile INPUT PACKED RESTORED   (each line of INPUT is a message)");
    return 2;
}

// A file is a link without a way back: no handshake answer, nothing repeated.
LinkOptions options = new();
await using (LinkSender sender = await LinkSender.ConnectAsync(LinkEndpoint.File(args[1]), options))
{
    await using FileStream input = File.OpenRead(args[0]);
    sender.Begin(new StreamLayout(MessageFormat.Lines, HasOpenTail: false));
    bool openTail = await sender.SendAllAsync(PipeReader.Create(input), MessageFormat.Lines);
    await sender.CompleteAsync(new StreamLayout(MessageFormat.Lines, openTail));
    Console.WriteLine($"{sender.Statistics.MessageBytes} bytes in {sender.Statistics.Messages} messages -> {sender.Statistics.BytesSent} bytes");
}

await using LinkReceiver receiver = await LinkReceiver.ListenAsync(LinkEndpoint.File(args[1]), options);
await using FileStream output = File.Create(args[2]);
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

Console.WriteLine($"restored {count} of {receiver.TotalMessages} messages");
return receiver.TotalMessages == count ? 0 : 1;
