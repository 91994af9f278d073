using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Session.Support;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

/// <summary>Handshakes over a path that loses, damages, doubles and reorders, in virtual time.</summary>
public sealed class HandshakeLossTests
{
    private static readonly TimeSpan OneWayDelay = TimeSpan.FromMilliseconds(300);

    public static TheoryData<HandshakePattern> Patterns => TwoWay;

    [Theory]
    [MemberData(nameof(Patterns))]
    [Spec("2.5-1")]
    public void A_handshake_survives_30_percent_loss(HandshakePattern pattern) =>
        Run(pattern, new PathOptions { Loss = 0.3 });

    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_handshake_survives_30_percent_corruption(HandshakePattern pattern) =>
        Run(pattern, new PathOptions { Damage = 0.3 });

    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_handshake_survives_loss_corruption_doubling_and_reordering_at_once(HandshakePattern pattern) =>
        Run(pattern, new PathOptions { Loss = 0.2, Damage = 0.2, Duplicate = 0.5, ShuffleWindow = 1200 });

    [Fact]
    [Spec("2.5-1")]
    public void An_initiator_repeats_the_same_bytes_at_the_round_trip_and_gives_up_in_the_end()
    {
        using HandshakeInitiator initiator = new(Initiator() with { OneWayDelay = OneWayDelay, MaxAttempts = 5 });
        byte[] first = initiator.Transmit()!;
        List<long> waits = [];
        Timestamp now = Timestamp.Zero;
        while (initiator.NextDeadline != Timestamp.Never)
        {
            waits.Add((initiator.NextDeadline - now).Ticks / TimeSpan.TicksPerMillisecond);
            now = initiator.NextDeadline;
            initiator.OnTimeout(now + TimeSpan.FromTicks(-10));
            Assert.Null(initiator.Transmit(now));
            initiator.OnTimeout(now);
            if (initiator.Transmit(now) is byte[] again)
            {
                Assert.Equal(first, again);
            }
        }

        Assert.Equal([650, 975, 1300, 1300, 1300], waits);
        Assert.Equal(5, initiator.TransmittedCount);
        Assert.Equal(LinkErrorCode.TimedOut, initiator.Outcome<HandshakeFailure>().Code);
    }

    [Fact]
    public void An_initiator_that_waits_for_hours_repeats_itself_seldom()
    {
        using HandshakeInitiator initiator = new(Initiator() with
        {
            OneWayDelay = OneWayDelay,
            MaxAttempts = int.MaxValue,
        });
        List<TimeSpan> waits = [];
        Timestamp now = Timestamp.Zero;
        while (now < Timestamp.Zero + TimeSpan.FromHours(2))
        {
            Assert.NotNull(initiator.Transmit(now));
            waits.Add(initiator.NextDeadline - now);
            now = initiator.NextDeadline;
            initiator.OnTimeout(now);
        }

        Assert.Equal(1300, waits[15].TotalMilliseconds);
        Assert.Equal(1625, waits[16].TotalMilliseconds);
        Assert.Equal(TimeSpan.FromSeconds(13), waits.Max());
        Assert.InRange(waits.Count, 500, 620);
    }

    private static void Run(HandshakePattern pattern, PathOptions options)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            LossyPath forward = new(options with { Delay = OneWayDelay }, seed);
            LossyPath back = new(options with { Delay = OneWayDelay }, ~seed);
            using HandshakeInitiator initiator = new(Initiator(pattern, seed) with { OneWayDelay = OneWayDelay });
            using HandshakeResponder responder = new(
                Responder(pattern, seed + 1000) with { OneWayDelay = OneWayDelay });
            List<EstablishedKeys> atResponder = [];
            EstablishedKeys? atInitiator = null;
            Timestamp now = Timestamp.Zero;
            for (int step = 0; step < 1000 && (atInitiator is null || atResponder.Count == 0); step++)
            {
                while (initiator.Transmit(now) is byte[] datagram)
                {
                    forward.Send(datagram, now);
                }

                now = Timestamp.Min(initiator.NextDeadline, Timestamp.Min(forward.NextArrival, back.NextArrival));
                Assert.True(now != Timestamp.Never, $"seed {seed}: the handshake stands still");
                initiator.OnTimeout(now);
                while (back.TryReceive(now, out byte[] received, out _))
                {
                    initiator.OnDatagram(received);
                }

                while (forward.TryReceive(now, out byte[] received, out _))
                {
                    (_, byte[] reply, HandshakeOutcome? outcome) = responder.Answer(received, now);
                    if (outcome is EstablishedKeys keys)
                    {
                        atResponder.Add(keys);
                    }

                    if (reply.Length > 0)
                    {
                        back.Send(reply, now);
                    }
                }

                if (initiator.TryTakeOutcome(out HandshakeOutcome? ended))
                {
                    Assert.True(ended is EstablishedKeys, $"seed {seed}: {ended}");
                    atInitiator = (EstablishedKeys)ended;
                }
            }

            // The responder may have made the same keys twice: it remembers nothing of a finished handshake.
            EstablishedKeys match = atResponder.First(k => k.HandshakeHash.SequenceEqual(atInitiator!.HandshakeHash));
            AssertTheyTalk(atInitiator!, match);
            atResponder.ForEach(k => k.Dispose());
        }
    }
}
