using System.IO.Pipelines;
using LinkCodec;
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
    await sender.SendAllAsync(PipeReader.Create(input), MessageFormat.Lines);
    await sender.CompleteAsync();
    Console.WriteLine($"{sender.Statistics.MessageBytes} bytes in {sender.Statistics.Messages} messages -> {sender.Statistics.BytesSent} bytes");
}

await using LinkReceiver receiver = await LinkReceiver.ListenAsync(LinkEndpoint.File(args[1]), options);
PipeWriter output = PipeWriter.Create(File.Create(args[2]));
await receiver.ReceiveAllAsync(output);
await output.CompleteAsync();

long restored = receiver.Statistics.Messages;
Console.WriteLine($"restored {restored} of {receiver.TotalMessages} messages");
return receiver.TotalMessages == (ulong)restored ? 0 : 1;
