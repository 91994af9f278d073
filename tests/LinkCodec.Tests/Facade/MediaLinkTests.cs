using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;
using LinkCodec.Tests.Media;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Files of images and sounds over a link.</summary>
public sealed class MediaLinkTests
{
    private static readonly byte[][] Messages =
    [
        "before"u8.ToArray(),
        PortableMapFormat.Write(MediaFiles.Picture(200, 150, 3, 8)),
        "between"u8.ToArray(),
        MediaFiles.Wave(2, 16, 8_000, 8_000, tail: "end"),
        MediaFiles.Map("P5 1 1 255\n", 1),
        "\nLCM\0 as it stands"u8.ToArray(),
        "after"u8.ToArray(),
    ];

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Files_and_text_come_out_as_they_were(bool hasRate, bool isCarried)
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with
        {
            Media = isCarried ? new MediaOptions { TileSize = 64 } : null,
            Rate = hasRate ? new DataRate(200_000) : default,
            MaxDatagramSize = 600,
        });
        foreach (byte[] message in Messages)
        {
            await link.Sender.SendAsync(message);
        }

        Task completing = link.Sender.CompleteAsync();
        List<byte[]> got = [];
        await foreach (ReceivedMessage message in link.Receiver.Receiver.ReceiveAsync())
        {
            got.Add(message.Content.ToArray());
        }

        await completing.WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Messages, got);
        LinkStatistics sent = link.Sender.Statistics;
        Assert.Equal(Messages.Sum(message => (long)message.Length), sent.MessageBytes);
        if (isCarried)
        {
            Assert.InRange(sent.BytesSent, 1, sent.MessageBytes * 2 / 3);
        }
    }
}
