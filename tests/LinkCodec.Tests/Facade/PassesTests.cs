using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>
/// One long message in ten passes of minutes over a narrow link, with both ends started anew in between. Time runs
/// sixty times faster; a pass ends when its share of datagrams has left.
/// </summary>
[Collection(Session.AloneCollection.Name)]
public sealed class PassesTests : IDisposable
{
    private const int Passes = 10;
    private const int Rate = 18_000; // Bits per second: 2,250 bytes.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Spec("2.8-3")]
    [Spec("4.8-9")]
    public Task A_message_of_1_MB_crosses_in_ten_passes_of_three_quarters_of_a_minute() =>
        CrossAsync(1_000_000, TimeSpan.FromSeconds(45));

    [Fact]
    [Trait("Category", "Long")]
    [Spec("2.8-3")]
    [Spec("4.8-9")]
    public Task A_message_of_10_MB_crosses_in_ten_passes_of_eight_minutes() =>
        CrossAsync(10_000_000, TimeSpan.FromMinutes(8));

    private async Task CrossAsync(int size, TimeSpan length)
    {
        byte[] message = new TestRandom(3).Bytes(size);
        long all = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            bool isLast = pass == Passes - 1;
            await using LinkListener listener = await LinkListener.ListenAsync(LinkEndpoint.Udp("127.0.0.1", 0),
                Options(LoopbackLink.ReceiverOptions, "marks"), LoopbackLink.WithoutFiles);
            using Relay relay = Relay.Start(listener.Endpoint);
            Counter counted = new(relay, isLast ? long.MaxValue : (long)(length.TotalSeconds * Rate / 8));
            Task<byte[]?> receiving = ReceiveAsync(listener);
            await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint,
                Options(LoopbackLink.SenderOptions, "queue"), LoopbackLink.WithoutFiles);
            if (pass == 0)
            {
                await sender.SendAsync(message);
            }

            if (isLast)
            {
                await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
                Assert.Equal(message, await receiving);
            }
            else
            {
                await counted.IsOver.WaitAsync(LoopbackLink.Patience);
                await sender.DisposeAsync(); // Nobody hears that: to each other, both ends are gone.
                await listener.DisposeAsync();
                await receiving.ContinueWith(_ => { }, TaskScheduler.Default);
            }

            all += counted.Bytes;
            Assert.Equal(pass == 0 ? HandshakeDatagram.Initiate : HandshakeDatagram.Resume, counted.FirstKind);
            Assert.True(pass == 0 || counted.SegmentsBeforeAnyAnswer > 0, $"pass {pass}: no data in flight 1");
        }

        // In 300 ms and a report's delay some three segments are under way when a pass ends, and come again; a machine
        // that stands still for a moment makes the sender ask with two of them.
        Assert.InRange(all, size, (size * 1.03) + (Passes * 20_000));
    }

    private LinkOptions Options(LinkOptions end, string state) => end with
    {
        State = Path.Combine(_folder.FullName, state),
        OneWayDelay = Delay,
        Rate = new DataRate(Rate),
        Hint = ContentHint.Compressed,
        HandshakeTimeout = TimeSpan.FromHours(2),
        IdleTimeout = TimeSpan.FromHours(2),
        TimeProvider = new FastTime(60),
    };

    private static async Task<byte[]?> ReceiveAsync(LinkListener listener)
    {
        await using LinkReceiver receiver = await listener.AcceptAsync();
        byte[]? all = null;
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            all = message.Content.ToArray();
        }

        return all;
    }

    // Counts what the sender sends, and cuts both ways off at the pass's end. A first flight gets no answer before a
    // segment of it has come.
    private sealed class Counter
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _answers;

        public Counter(Relay relay, long limit)
        {
            relay.Forward = (datagram, number) =>
            {
                FirstKind = number == 0 ? datagram[0] : FirstKind;
                if (Bytes >= limit)
                {
                    _over.TrySetResult();
                    return [];
                }

                SegmentsBeforeAnyAnswer += datagram[0] >= HandshakeDatagram.SegmentBit && _answers == 0 ? 1 : 0;
                Bytes += datagram.Length;
                return [datagram];
            };
            relay.Back = (datagram, _) =>
            {
                if (_over.Task.IsCompleted
                    || (FirstKind == HandshakeDatagram.Resume && SegmentsBeforeAnyAnswer == 0))
                {
                    return [];
                }

                _answers++;
                return [datagram];
            };
        }

        public byte FirstKind { get; private set; }

        public int SegmentsBeforeAnyAnswer { get; private set; }

        public long Bytes { get; private set; }

        public Task IsOver => _over.Task;
    }
}
