using System.Text;
using System.Threading.Channels;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.ModelBuilder.Import;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>A link whose ends each loaded a language snapshot of their own.</summary>
public sealed class LanguageLinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-link-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("llama")]
    [InlineData("gpt2")]
    public async Task Messages_that_follow_reports_arrive_identical(string family)
    {
        TinyImport.Seal(_folder, family);
        using LinkSnapshots here = LinkSnapshots.Load([_folder]);
        using LinkSnapshots there = LinkSnapshots.Load([_folder]);
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(LoopbackLink.ReceiverOptions, there);
        using Relay relay = Relay.Start(receiver.Endpoint);
        Channel<int> reports = Channel.CreateUnbounded<int>();
        relay.Back = (datagram, number) =>
        {
            reports.Writer.TryWrite(number);
            return [datagram];
        };
        Task accepting = receiver.AcceptAsync().WaitAsync(LoopbackLink.Patience);
        await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint, LoopbackLink.SenderOptions, here)
            .WaitAsync(LoopbackLink.Patience);
        await accepting;
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        byte[][] messages = [.. Enumerable.Range(0, 60).Select(Message)];
        using CancellationTokenSource limit = new(LoopbackLink.Patience);
        foreach (byte[] message in messages[..20])
        {
            await sender.SendAsync(message, limit.Token);
            await reports.Reader.ReadAsync(limit.Token);
        }

        await LoopbackLink.SendAllAsync(sender, messages[20..]);
        Assert.Equal(messages, (await receiving).Select(message => message.Content.ToArray()));
        Assert.True(sender.UsesContext);
        Assert.Empty(receiver.Missing);
    }

    private static byte[] Message(int number) => (number % 5) switch
    {
        0 => Encoding.ASCII.GetBytes($"{{\"id\":{number},\"word\":\"hello world\"}}"),
        1 => new TestRandom((ulong)number).Bytes(number),
        2 => [.. TinyImport.Text(number), 0xFF, 0xC3],
        _ => TinyImport.Text(number * 2),
    };
}
