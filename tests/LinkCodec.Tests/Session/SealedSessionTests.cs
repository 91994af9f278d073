using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Session.Support;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

/// <summary>Live sessions over the keys of a real handshake.</summary>
public sealed class SealedSessionTests
{
    private static readonly SessionOptions Options =
        new() { Rate = new DataRate(1_000_000), OneWayDelay = TimeSpan.FromMilliseconds(100), MaxDatagramSize = 256 };

    [Fact]
    public void Sealed_units_cross_a_path_that_loses_doubles_shuffles_and_damages()
    {
        PathOptions path = new()
        {
            Rate = Options.Rate,
            Delay = Options.OneWayDelay,
            Loss = 0.05,
            Duplicate = 0.1,
            ShuffleWindow = 16,
            BitErrors = 2e-5,
        };
        (KeyedProtector a, KeyedProtector b) = Protectors();
        using SessionPair pair = new(Options, path, path, seed: 0xA1, protectorOfA: a, protectorOfB: b);
        pair.Transfer(2000, TimeSpan.FromMinutes(5));
        Assert.True(pair.B.Statistics.Forged + pair.B.Statistics.Replayed > 200);
    }

    [Fact]
    [Spec("4.6-1")]
    public void Keys_of_another_handshake_open_nothing()
    {
        PathOptions path = new() { Rate = Options.Rate, Delay = Options.OneWayDelay };
        (KeyedProtector a, KeyedProtector unused) = Protectors();
        (KeyedProtector other, KeyedProtector b) = Protectors(seed: 2);
        using KeyedProtector one = unused;
        using KeyedProtector two = other;
        using SessionPair pair = new(Options, path, path, seed: 0xA2, protectorOfA: a, protectorOfB: b);
        pair.Offer(20);
        pair.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(0, pair.UnitsReceived);
        Assert.Equal(pair.B.Statistics.DatagramsReceived, pair.B.Statistics.Forged);
        Assert.Equal(0, pair.Back.Sent);
    }
}
