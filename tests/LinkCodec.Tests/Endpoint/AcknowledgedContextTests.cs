using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Compression;
using LinkCodec.Tests.Facade;
using LinkCodec.Tests.Prediction;
using LinkCodec.Tests.Session.Support;

namespace LinkCodec.Tests.Endpoint;

/// <summary>Acknowledged context between two endpoints, with every misfortune of a path between them.</summary>
public sealed class AcknowledgedContextTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);

    public static TheoryData<ulong> Seeds => TestRandom.Seeds(12);

    [Theory]
    [MemberData(nameof(Seeds))]
    [Spec("5.5-1")]
    [Spec("5.5-4")]
    [Spec("5.5-5")]
    [Spec("5.5-7")]
    public void Whatever_is_lost_late_or_twice_each_frame_finds_its_context(ulong seed)
    {
        PathOptions path = new() { Delay = Delay, Loss = seed % 3 * 0.2, Duplicate = 0.25, ShuffleWindow = 12 };
        HashSet<ulong> bases = Run(seed, path, path);
        Assert.True(bases.Count > 5, $"seed {seed}: {bases.Count} bases");
    }

    [Fact]
    [Spec("5.5-7")]
    public void Where_no_report_comes_back_everything_starts_from_nothing()
    {
        PathOptions path = new() { Delay = Delay };
        HashSet<ulong> bases = Run(seed: 5, path, path with { Drops = number => number > 0 }); // The handshake passes.
        Assert.Equal(0UL, Assert.Single(bases));
    }

    // The bases of the coded frames that came.
    private static HashSet<ulong> Run(ulong seed, PathOptions forward, PathOptions back)
    {
        TestRandom random = new(seed);
        LinkOptions options = new() { OneWayDelay = Delay, MaxDatagramSize = 200, Ordered = random.Next(2) == 0 };
        byte[][] messages = [.. Enumerable.Range(0, 400).Select(i =>
            random.Next(20) == 0 ? Messages.Text(random.Next(2_000), (ulong)i) : ContextTests.Reading(i))];
        HashSet<ulong> bases = [];
        using EndpointLink link = new(
            options with { Identity = LoopbackLink.Bob, PeerPublicKey = LoopbackLink.Alice.PublicKey },
            forward, back, LinkSnapshots.Of(Snapshot.WithoutFiles(new BitPredictor())), seed)
        {
            Coding = work =>
            {
                bases.UnionWith(work is DecodingWork { Frames: { } frames }
                    ? frames.Where(frame => frame.IsCoded).Select(frame => frame.Base)
                    : []);
                return TimeSpan.FromMilliseconds(random.Next(4));
            },
        };
        SenderEndpoint sender =
            link.Connect(options with { Identity = LoopbackLink.Alice, PeerPublicKey = LoopbackLink.Bob.PublicKey });
        link.Run(TimeSpan.FromMinutes(1), () => sender.Stream is not null);
        ReceiverEndpoint? receiver = null;
        Dictionary<ulong, byte[]> given = [];
        for (int next = 0; next < messages.Length;)
        {
            for (int i = random.Next(6); i >= 0 && next < messages.Length && sender.Stream!.HasRoom; i--)
            {
                sender.Stream.Add(messages[next++]);
            }

            link.Run(TimeSpan.FromMilliseconds(random.Next(60)), Take);
        }

        link.Run(TimeSpan.FromMinutes(5), Take);
        Assert.Equal(messages, given.OrderBy(message => message.Key).Select(message => message.Value));
        return bases;

        bool Take()
        {
            _ = receiver is null && link.Listener.TryAccept(out receiver);
            foreach (ReceivedMessage message in receiver is null ? [] : link.Take(receiver))
            {
                given.Add(message.Number, message.Content.ToArray());
            }

            return given.Count == messages.Length;
        }
    }
}
