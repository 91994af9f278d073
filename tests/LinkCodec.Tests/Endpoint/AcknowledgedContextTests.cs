using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Prediction;
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

    public static TheoryData<ulong, bool> Cases
    {
        get
        {
            TheoryData<ulong, bool> cases = [];
            for (ulong seed = 1_000; seed < 1_012; seed++)
            {
                cases.Add(seed, false);
                cases.Add(seed, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Spec("5.5-1")]
    [Spec("5.5-7")]
    [Spec("5.5-7")]
    public void Whatever_is_lost_late_or_twice_each_frame_finds_its_context(ulong seed, bool isAdaptive)
    {
        PathOptions path = new() { Delay = Delay, Loss = seed % 3 * 0.2, Duplicate = 0.25, ShuffleWindow = 12 };
        (HashSet<int> bases, long bytes) = Run(seed, path, path, Make(isAdaptive));
        Assert.True(bases.Count >= 3, $"seed {seed}: {bases.Count} slots");
        (bases, long cold) = Run(seed, path, path, Make(isAdaptive), ContextMode.None);
        Assert.Equal(0, Assert.Single(bases));
        Assert.InRange(bytes, 1, cold * 11 / 10); // Most of it is large messages that resemble nothing.
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Spec("5.5-7")]
    public void Messages_that_resemble_acknowledged_ones_take_less_than_cold(bool isAdaptive)
    {
        PathOptions path = new() { Delay = Delay, Loss = 0.2, Duplicate = 0.25, ShuffleWindow = 12 };
        (_, long warm) = Run(seed: 7, path, path, Make(isAdaptive), large: 0);
        (_, long cold) = Run(seed: 7, path, path, Make(isAdaptive), ContextMode.None, large: 0);
        Assert.InRange(warm, 1, cold * 3 / 4);
    }

    [Fact]
    [Spec("5.5-7")]
    public void Where_no_report_comes_back_everything_starts_from_nothing()
    {
        PathOptions path = new() { Delay = Delay };
        PathOptions back = path with { Drops = number => number > 0 }; // The handshake passes.
        (HashSet<int> bases, _) = Run(seed: 5, path, back, Make(isAdaptive: false));
        Assert.Equal(0, Assert.Single(bases));
    }

    private static Predictor Make(bool isAdaptive) => isAdaptive ? new AdaptiveBytePredictor() : new BitPredictor();

    // The slots that the units that came start from, and the bytes of all codes that were sent.
    private static (HashSet<int> Bases, long Bytes) Run(
        ulong seed, PathOptions forward, PathOptions back, Predictor predictor,
        ContextMode context = ContextMode.Acknowledged, int large = 2_000)
    {
        TestRandom random = new(seed);
        LinkOptions options = new()
        {
            OneWayDelay = Delay,
            MaxDatagramSize = 200,
            Ordered = random.Next(2) == 0,
            Context = context,
        };
        byte[][] messages = [.. Enumerable.Range(0, 400).Select(i =>
            large > 0 && random.Next(20) == 0
                ? Messages.Text(random.Next(large), (ulong)i)
                : ContextTests.Reading(i))];
        HashSet<int> bases = [];
        using EndpointLink link = new(
            options with { Identity = LoopbackLink.Bob, PeerPublicKey = LoopbackLink.Alice.PublicKey },
            forward, back, LinkSnapshots.Of(Snapshot.WithoutFiles(predictor)), seed)
        {
            Coding = work =>
            {
                bases.UnionWith(work is DecodingWork { Units: { } units }
                    ? units.Select(unit => unit.FirstOrDefault(frame => frame.IsCoded).Base)
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
        return (bases, sender.Stream!.Counters.CodedBytes);

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
