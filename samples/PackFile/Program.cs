using System.IO.Pipelines;
using LinkCodec;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: PackFile INPUT PACKED RESTORED   (each line of INPUT is a message)");
    return 2;
}

// A file is a link without a way back: no handshake answer, nothing repeated. Without an Identity and a PeerPublicKey, the published keys
// have to be asked for: they seal against damage, and anyone can read the file.
LinkOptions options = new() { UsePublishedKeys = true, FillSegments = true };
OutputFile.RequireOther(args[1], args[0]);
await using (LinkSender sender = await LinkSender.ConnectAsync(LinkEndpoint.File(args[1]), options))
{
    await using FileStream input = File.OpenRead(args[0]);
    await sender.SendAllAsync(PipeReader.Create(input), MessageFormat.Lines);
    await sender.CompleteAsync();
    Console.WriteLine($"{sender.Statistics.MessageBytes} bytes in {sender.Statistics.Messages} messages -> {sender.Statistics.BytesSent} bytes");
}

await using LinkReceiver receiver = await LinkReceiver.ListenAsync(LinkEndpoint.File(args[1]), options);
await using OutputFile file = OutputFile.Create(args[2], args[0], args[1]); // Takes its name when it is whole.
await receiver.ReceiveAllAsync(PipeWriter.Create(file.Stream, new StreamPipeWriterOptions(leaveOpen: true)));
file.Commit();

long restored = receiver.Statistics.Messages;
Console.WriteLine($"restored {restored} of {receiver.TotalMessages} messages");
return receiver.TotalMessages == (ulong)restored ? 0 : 1;
