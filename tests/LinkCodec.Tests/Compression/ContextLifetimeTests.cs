using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Compression;

/// <summary>
/// A model that absorbs slowly is stopped between two messages, and goes on as if it had not been; what contexts hold
/// is handed back.
/// </summary>
public sealed class ContextLifetimeTests
{
    private const int Messages = 10;

    [Fact]
    public void A_sender_that_is_stopped_keeps_what_it_has_absorbed()
    {
        using CancellationTokenSource stop = new();
        using RecordingPredictor predictor = new() { Absorbing = number => Stop(stop, number) };
        SenderContext sender = SenderContext.For(predictor)!;
        for (int number = 0; number < Messages; number++)
        {
            sender.Add(new OutgoingMessage((ulong)number, new byte[] { (byte)number }));
        }

        sender.OnAcknowledged(Messages);
        Assert.Throws<OperationCanceledException>(() => sender.Advance(stop.Token));
        Assert.Equal(3UL, sender.Base);
        Assert.True(sender.Advance());
        Assert.Equal(All, ((Recorder)sender.Current!).Absorbed);
    }

    [Fact]
    public void A_receiver_that_is_stopped_makes_the_context_anew()
    {
        using CancellationTokenSource stop = new();
        using RecordingPredictor predictor = new() { Absorbing = number => Stop(stop, number) };
        ReceiverContext receiver = Fed(predictor, Messages);
        Assert.Throws<OperationCanceledException>(() => receiver.TryGet(Messages, out _, stop.Token));
        Assert.Equal(3, predictor.Absorbed);
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(Messages, out StreamContext? context));
        Assert.Equal(All, ((Recorder)context!).Absorbed);
    }

    [Fact]
    public void Disposing_hands_back_every_context_that_was_made()
    {
        using CancellationTokenSource stop = new();
        using RecordingPredictor predictor = new() { Absorbing = number => Stop(stop, number - Messages) };
        SenderContext sender = SenderContext.For(predictor)!;
        ReceiverContext receiver = Fed(predictor, 2 * Messages);
        for (ulong contextBase = 1; contextBase <= Messages; contextBase++)
        {
            Assert.Equal(LinkErrorCode.None, receiver.TryGet(contextBase, out _)); // all in use
        }

        receiver.Recycle();
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(Messages + 1, out _));
        Assert.Throws<OperationCanceledException>(() => receiver.TryGet(2 * Messages, out _, stop.Token));
        Assert.True(predictor.Open > ContextLimits.Versions);
        sender.Dispose();
        receiver.Dispose();
        Assert.Equal(0, predictor.Open);
    }

    private static ReceiverContext Fed(RecordingPredictor predictor, int messages)
    {
        ReceiverContext receiver = ReceiverContext.For(predictor)!;
        for (int number = 0; number < messages; number++)
        {
            receiver.Add(new ReceivedMessage((ulong)number, new byte[] { (byte)number }));
        }

        return receiver;
    }

    private static IEnumerable<byte> All => Enumerable.Range(0, Messages).Select(number => (byte)number);

    // Comes in the third message: it is the last one that the cancelled call absorbs.
    private static void Stop(CancellationTokenSource stop, int number)
    {
        if (number == 2)
        {
            stop.Cancel();
        }
    }

    private sealed class RecordingPredictor : Predictor
    {
        public required Action<int> Absorbing { get; init; }

        public int Absorbed { get; set; }

        public int Open { get; set; }

        public override int AlphabetSize => ByteAlphabet;

        public override int FrequencyBits => 16;

        public override PredictorLanes CreateLanes(int capacity) => throw new NotSupportedException();

        public override bool KeepsContext => true;

        public override StreamContext CreateContext() => new Recorder(this);
    }

    private sealed class Recorder : StreamContext
    {
        private readonly RecordingPredictor _predictor;

        public Recorder(RecordingPredictor predictor)
        {
            _predictor = predictor;
            predictor.Open++;
        }

        public List<byte> Absorbed { get; } = [];

        public override void Absorb(ReadOnlySpan<byte> message)
        {
            Absorbed.Add(message[0]);
            _predictor.Absorbed++;
            _predictor.Absorbing(message[0]);
        }

        public override StreamContext Clone()
        {
            Recorder clone = new(_predictor);
            clone.CopyFrom(this);
            return clone;
        }

        public override void CopyFrom(StreamContext other)
        {
            Absorbed.Clear();
            Absorbed.AddRange(((Recorder)other).Absorbed);
        }

        protected override void Dispose(bool disposing) => _predictor.Open--;
    }
}
