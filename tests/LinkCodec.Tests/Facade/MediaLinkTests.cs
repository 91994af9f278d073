using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;
using LinkCodec.Tests.Media;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Files of images, sounds and video over a link.</summary>
public sealed class MediaLinkTests
{
    private static readonly byte[][] Messages =
    [
        "before"u8.ToArray(),
        PortableMapFormat.Write(MediaFiles.Picture(200, 150, 3, 8)),
        "between"u8.ToArray(),
        MediaFiles.Wave(2, 16, 8_000, 8_000, tail: "end"),
        MediaFiles.Video("W40 H30 C420", 1800, ["FRAME", "FRAME X=1", "FRAME"]),
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
            Effort = hasRate ? Effort.Auto : Effort.Flight,
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

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_film_of_several_parts_crosses_a_link_that_loses_segments()
    {
        byte[] film =
        [
            .. "YUV4MPEG2 W176 H144 C420\n"u8,
            .. MediaRun.Film(new VideoFormat(176, 144, ChromaForm.Half, 8), 17).Chunk(176 * 144 * 3 / 2)
                .SelectMany(frame => (byte[])[.. "FRAME\n"u8, .. frame]),
        ];
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with
        {
            Media = new MediaOptions { Kind = MessageKind.Video, GroupLength = 12 },
            Effort = Effort.Flight,
        }, relayed: true);
        link.Relay!.Forward = (datagram, number) => number % 9 == 8 ? [] : [datagram];
        await link.Sender.SendAsync(film);
        Task completing = link.Sender.CompleteAsync();
        List<byte[]> got = [];
        await foreach (ReceivedMessage message in link.Receiver.Receiver.ReceiveAsync())
        {
            got.Add(message.Content.ToArray());
        }

        await completing.WaitAsync(LoopbackLink.Patience);
        Assert.Equal(film, Assert.Single(got));
        Assert.InRange(link.Sender.Statistics.BytesSent, 1, film.Length * 2 / 3);
    }

    [Theory]
    [InlineData(0, Effort.Fast)]
    [InlineData(3_000_000, Effort.Auto)] // A core's strong code would starve it.
    public async Task An_image_crosses_a_fast_link_in_the_fast_code(long rate, Effort effort)
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with
        {
            Media = new MediaOptions(),
            Rate = rate > 0 ? new DataRate(rate) : default,
            Effort = effort,
            Threads = 1,
        });
        await link.Sender.SendAsync(Messages[1]);
        Task completing = link.Sender.CompleteAsync();
        List<byte[]> got = [];
        await foreach (ReceivedMessage message in link.Receiver.Receiver.ReceiveAsync())
        {
            got.Add(message.Content.ToArray());
        }

        await completing.WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Messages[1], Assert.Single(got));
        LinkStatistics sent = link.Sender.Statistics;
        Assert.Equal([Effort.Fast], sent.EffortBytes.Where(one => one.Value > 0).Select(one => one.Key));
        Assert.InRange(sent.BytesSent, 1, Messages[1].Length * 2 / 3);
    }

    [Theory]
    [InlineData(9_600, Effort.Auto, true)]
    [InlineData(0, Effort.Auto, false)] // No rate: sooner there than coded.
    [InlineData(2_000_000, Effort.Auto, true)] // In the fast code.
    [InlineData(100_000_000, Effort.Auto, false)]
    [InlineData(100_000_000, Effort.Flight, true)]
    [InlineData(9_600, Effort.Fast, true)]
    [InlineData(9_600, Effort.Primed, true)]
    [InlineData(9_600, Effort.Stored, false)]
    public void A_file_is_carried_as_its_samples_where_it_arrives_sooner_so(long rate, Effort effort, bool pays)
    {
        byte[] file = PortableMapFormat.Write(MediaFiles.Picture(200, 150, 3, 8));
        LinkOptions options = new()
        {
            Rate = rate > 0 ? new DataRate(rate) : default,
            Effort = effort,
            Threads = 1,
        };
        Assert.Equal(pays, MediaPace.Pays(file, MediaMessage.Carry(file), options, isFile: false));
        Assert.True(MediaPace.Pays(file, MediaMessage.Carry(file), options, isFile: true));
    }
}
