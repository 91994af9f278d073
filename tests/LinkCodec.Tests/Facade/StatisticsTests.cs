using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Facade;

public sealed class StatisticsTests
{
    [Fact]
    public async Task Both_ends_count_the_same_messages_and_bytes()
    {
        // Noise is stored, zeros are coded.
        byte[][] sent = [.. Enumerable.Range(0, 200).Select(i => new TestRandom((ulong)i).Bytes(i)), new byte[1000]];
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        await link.CarryAsync(sent);
        LinkStatistics a = link.Sender.Statistics;
        LinkStatistics b = link.Receiver.Statistics;
        Assert.Equal((sent.Length, sent.Sum(m => m.Length)), (a.Messages, a.MessageBytes));
        Assert.Equal((a.Messages, a.MessageBytes, a.CodedBytes, a.Units),
            (b.Messages, b.MessageBytes, b.CodedBytes, b.Units));
        Assert.True(a.CodedBytes <= a.MessageBytes + (2 * a.Messages), "at most a length over raw for each message");
        Assert.True(a.BytesSent > a.CodedBytes && a.BytesReceived > 0 && a.HandshakeBytes > 0);
        Assert.Equal(a.Units, a.Session.UnitsAcknowledged);
        Assert.True(a.PredictedBytes > 0 && b.PredictedBytes > 0);
    }

    [Fact]
    public async Task Progress_comes_while_the_link_lives_and_ends_with_it()
    {
        TaskCompletionSource<LinkStatistics> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource senderDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource receiverDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        using IDisposable one = link.Sender.Progress.Subscribe(
            new Observer(s => seen.TrySetResult(s), senderDone.SetResult));
        using IDisposable two = link.Receiver.Progress.Subscribe(new Observer(_ => { }, receiverDone.SetResult));
        await link.Sender.SendAsync("x"u8.ToArray());
        Assert.Equal(1, (await seen.Task.WaitAsync(LoopbackLink.Patience)).Messages);
        await link.CarryAsync([]);
        await senderDone.Task.WaitAsync(LoopbackLink.Patience);
        await receiverDone.Task.WaitAsync(LoopbackLink.Patience);
    }

    private sealed class Observer(Action<LinkStatistics> next, Action completed) : IObserver<LinkStatistics>
    {
        public void OnCompleted() => completed();

        public void OnError(Exception error) => throw error;

        public void OnNext(LinkStatistics value) => next(value);
    }
}
