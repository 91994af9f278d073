using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Facade;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>
/// Outages, in virtual time: a long one, and the faults that users of other stacks reported, by the numbers of their
/// reports.
/// </summary>
public sealed class ReportedFaultTests : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);
    private static readonly LinkOptions Listening = LoopbackLink.ReceiverOptions with
    {
        OneWayDelay = Delay,
        IdleTimeout = TimeSpan.FromHours(2),
    };

    private readonly EndpointLink _link = new(Listening, new PathOptions { Delay = Delay });
    private readonly List<ReceivedMessage> _got = [];
    private bool _isOut;

    public ReportedFaultTests()
    {
        _link.Passes = datagram =>
        {
            SentBytes += datagram.Length;
            return !_isOut;
        };
        _link.PassesBack = _ => !_isOut;
    }

    private long SentBytes { get; set; }

    public void Dispose() => _link.Dispose();

    [Theory]
    [InlineData(1 << 20, 64_000)]
    [InlineData(10_000_000, 1_000_000)]
    [Spec("4.5-6")]
    public void A_ninety_minute_outage_in_the_middle_of_a_long_message_costs_what_was_unreported(int size, long rate)
    {
        byte[] message = new TestRandom(7).Bytes(size);
        (SenderEndpoint sender, ReceiverEndpoint receiver) = Connect(rate);
        sender.Stream!.Add(message);
        sender.Stream.Complete();
        _link.Run(TimeSpan.FromHours(1), () => SentBytes > size / 2);
        long before = SentBytes;
        _isOut = true;
        _link.Run(TimeSpan.FromMinutes(90));

        // A window of units, probes of 22 bytes, and some questions whether the session is still known.
        long dark = SentBytes - before;
        long window = Math.Max(64, rate * 2 * 300 / 1000 / 1200) * 1200;
        Assert.True(dark < window + 50_000, $"{dark} bytes: {sender.Statistics.Sent}");
        long unreported = sender.Statistics.UnitsSent - sender.Statistics.UnitsAcknowledged;
        long acknowledged = sender.Statistics.UnitsAcknowledged;
        _isOut = false;

        // The next probe finds out: ten seconds at most, and a round trip.
        _link.Run(TimeSpan.FromSeconds(12), () => sender.Statistics.UnitsAcknowledged > acknowledged);
        Assert.True(sender.Statistics.UnitsAcknowledged > acknowledged);
        Finish(sender, receiver);
        Assert.True(message.AsSpan().SequenceEqual(Assert.Single(_got).Content.Span));
        Assert.False(_link.Listener.TryAccept(out _)); // It is the same session.
        Assert.InRange(sender.Statistics.UnitsRetransmitted, 1, unreported + 2);
        Assert.InRange(SentBytes, size, (size * 1.03) + window + 60_000);
    }

    [Fact]
    [Spec("4.7-5")]
    public void Success_is_not_told_before_the_peer_has_it_libcsp_1000()
    {
        (SenderEndpoint sender, ReceiverEndpoint receiver) = Connect();
        sender.Stream!.Add("hello"u8.ToArray());
        sender.Stream.Complete();
        _link.Run(TimeSpan.FromMinutes(30)); // All is reported by then, and the application has taken nothing.
        Assert.Equal(1, receiver.Messages.Waiting);
        Assert.Equal(sender.Statistics.UnitsSent, sender.Statistics.UnitsAcknowledged);
        Assert.False(sender.IsOver || sender.Stream.IsThrough);
        Finish(sender, receiver);
        Assert.Equal("hello", Text(Assert.Single(_got)));
    }

    [Fact]
    [Spec("4.7-5")]
    public void An_end_while_suspended_ends_nothing_early_yamcs_956()
    {
        (SenderEndpoint sender, ReceiverEndpoint receiver) = Connect();
        sender.Stream!.Add("before"u8.ToArray());
        _link.Run(TimeSpan.FromSeconds(5));
        _isOut = true; // The link is suspended, and so is the application.
        sender.Stream.Add("meanwhile"u8.ToArray());
        sender.Stream.Complete();
        _link.Run(TimeSpan.FromMinutes(30));
        Assert.False(sender.IsOver || receiver.IsOver);
        _isOut = false;
        _link.Run(TimeSpan.FromMinutes(1)); // The end has come; the application has not.
        Assert.Equal(2, receiver.Messages.Waiting);
        Assert.False(sender.Stream.IsThrough);
        Finish(sender, receiver);
        Assert.Equal(["before", "meanwhile"], _got.Select(Text));
    }

    [Fact]
    [Spec("4.5-6")]
    public void What_a_receiver_knows_no_gap_of_comes_after_an_outage_yamcs_1153()
    {
        (SenderEndpoint sender, ReceiverEndpoint receiver) = Connect();
        sender.Stream!.Add("before"u8.ToArray());
        _link.Run(TimeSpan.FromSeconds(5));
        _isOut = true;
        for (int i = 0; i < 40; i++)
        {
            sender.Stream.Add(new byte[1000]);
        }

        sender.Stream.Complete();
        _link.Run(TimeSpan.FromMinutes(10)); // Everything behind the first message is lost, and the end.
        Assert.Equal(1UL, receiver.Messages.FirstMissing);
        Assert.Null(receiver.Messages.Total);
        _isOut = false;
        Finish(sender, receiver);
        Assert.Equal(41, _got.Count);
    }

    [Fact]
    [Spec("4.7-3")]
    public void An_end_that_comes_again_after_a_lost_acknowledgement_is_acknowledged_again_cfdp_py_54()
    {
        (SenderEndpoint sender, ReceiverEndpoint receiver) = Connect();
        sender.Stream!.Add("hello"u8.ToArray());
        sender.Stream.Complete();
        _link.Run(TimeSpan.FromSeconds(5), () => receiver.Messages.Waiting > 0);
        bool isLost = true;
        _link.PassesBack = _ => !isLost; // What the receiver says of its end does not come.
        _link.Run(TimeSpan.FromSeconds(3), Taken(receiver));
        _link.Run(TimeSpan.FromSeconds(3));
        Assert.False(sender.Stream.IsThrough);
        isLost = false;
        Finish(sender, receiver);
        Assert.Equal("hello", Text(Assert.Single(_got)));
        Assert.False(_link.Listener.TryAccept(out _));
    }

    private static string Text(ReceivedMessage message) => Encoding.ASCII.GetString(message.Content.Span);

    private (SenderEndpoint Sender, ReceiverEndpoint Receiver) Connect(long rate = 64_000)
    {
        SenderEndpoint sender = _link.Connect(LoopbackLink.SenderOptions with
        {
            OneWayDelay = Delay,
            IdleTimeout = Listening.IdleTimeout,
            Rate = new DataRate(rate),
            Hint = ContentHint.Compressed,
        });
        ReceiverEndpoint? receiver = null;
        _link.Run(TimeSpan.FromSeconds(10), () => sender.Stream is not null && _link.Listener.TryAccept(out receiver));
        return (sender, receiver ?? throw new InvalidOperationException("No session has begun."));
    }

    private Func<bool> Taken(ReceiverEndpoint receiver) => () =>
    {
        _got.AddRange(_link.Take(receiver));
        return receiver.Messages.IsComplete;
    };

    private void Finish(SenderEndpoint sender, ReceiverEndpoint receiver)
    {
        _link.Run(TimeSpan.FromMinutes(30), () =>
        {
            _got.AddRange(_link.Take(receiver));
            return sender.IsOver && receiver.IsOver;
        });
        Assert.True(sender.Stream!.IsThrough, $"{sender.Stream.Closing}");
    }
}
