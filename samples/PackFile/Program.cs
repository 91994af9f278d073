using System.IO.Pipelines;
using LinkCodec;

if (args.Length != 3 || args.Select(Path.GetFullPath).Distinct().Count() < 3)
{
    Console.Error.WriteLine("usage: PackFile INPUT PACKED RESTORED   (three files; each line of INPUT is a message)");
    return 2;
}

// A file is a link without a way back: no handshake answer, nothing repeated. Without an Identity and a PeerPublicKey,
// the published keys have to be asked for: they seal against damage, and anyone can read the file.
LinkOptions options = new() { UsePublishedKeys = true, FillSegments = true };
await using (LinkSender sender = await LinkSender.ConnectAsync(LinkEndpoint.File(args[1]), options))
{
    await using FileStream input = File.OpenRead(args[0]);
    await sender.SendAllAsync(PipeReader.Create(input), MessageFormat.Lines);
    await sender.CompleteAsync(); // The file takes its name now that it is whole.
    LinkStatistics sent = sender.Statistics;
    Console.WriteLine($"{sent.MessageBytes} bytes in {sent.Messages} messages -> {sent.BytesSent} bytes");
}

await using LinkListener listener = await LinkListener.ListenAsync(LinkEndpoint.File(args[1]), options);
await using LinkReceiver receiver = await listener.AcceptAsync();
await using FileStream output = File.Create(args[2]);
await receiver.ReceiveAllAsync(PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true)));

long restored = receiver.Statistics.Messages;
Console.WriteLine($"restored {restored} of {receiver.TotalMessages} messages");
return receiver.TotalMessages == (ulong)restored ? 0 : 1;
