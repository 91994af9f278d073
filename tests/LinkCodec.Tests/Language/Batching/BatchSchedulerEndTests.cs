using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Batching;
using LinkCodec.Models.Language.Inference;
using Xunit;
using Run = LinkCodec.Tests.Language.Batching.GatedTransformer.Run;

namespace LinkCodec.Tests.Language.Batching;

/// <summary>What becomes of callers when something ends or fails under them.</summary>
public sealed class BatchSchedulerEndTests
{
    private readonly GatedTransformer _inner = new();

    [Fact]
    public async Task A_cache_that_is_disposed_of_while_it_waits_ends_its_own_call_alone()
    {
        using BatchedTransformer network = new(_inner, runs: 1);
        KvCache a = network.CreateCache(1), b = network.CreateCache(1), c = network.CreateCache(1);
        Task<float[]> first = Start(() => a.Step([0]).ToArray());
        Run run = _inner.Next();
        Task<float[]> second = Queue(network, 1, () => b.Append(0, [1], 1).ToArray());
        Task<float[]> third = Queue(network, 2, () => c.Step([2]).ToArray());
        b.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        Assert.Equal(1, _inner.DisposedCaches);
        run.Go();
        _inner.Next().Go();
        Assert.Equal(GatedTransformer.Logits([0]), await first);
        Assert.Equal(GatedTransformer.Logits([2]), await third);
        Assert.Throws<ObjectDisposedException>(() => b.Step([0]).Length);
        b.Dispose();
        Assert.Equal(1, _inner.DisposedCaches);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cache_that_is_disposed_of_while_it_runs_lasts_until_the_run_ends(bool isNetwork)
    {
        BatchedTransformer network = new(_inner, runs: 1);
        KvCache a = network.CreateCache(1);
        Task<float[]> call = Start(() => a.Append(0, [.. Enumerable.Repeat(1, 200)], 1).ToArray());
        Run run = _inner.Next();
        if (isNetwork)
        {
            network.Dispose();
        }

        a.Dispose();
        Assert.Equal(0, _inner.DisposedCaches);
        Assert.False(call.IsCompleted);
        run.Go();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.Equal((1, true), (_inner.DisposedCaches, _inner.IsQuiet));
        network.Dispose();
    }

    [Fact]
    public async Task A_network_that_is_disposed_of_ends_every_call_and_leaves_rows_whole()
    {
        BatchedTransformer network = new(_inner, 1, maxRequests: 3);
        KvCache[] caches = [.. Enumerable.Range(0, 5).Select(_ => network.CreateCache(1))];
        Task<float[]>[] calls = [.. caches.Select((cache, i) => Call(cache, i))];
        GatedTransformer.Until(() => network.Scheduler.Waiting == (2, 2));
        network.Dispose();
        _inner.Next().Go();
        foreach (Task<float[]> call in calls)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        }

        Assert.Throws<ObjectDisposedException>(() => caches[0].Step([0]).Length);
        Assert.All(caches, cache => Assert.Equal(0, cache.Length(0)));
        Assert.All(caches, cache => cache.Dispose());
        Assert.Equal(_inner.Caches, _inner.DisposedCaches);
        Assert.True(_inner.IsQuiet);
    }

    [Fact]
    public async Task A_run_that_fails_fails_all_its_callers_and_none_of_their_rows_changes()
    {
        using BatchedTransformer network = new(_inner, runs: 1);
        using KvCache a = network.CreateCache(1), b = network.CreateCache(1), c = network.CreateCache(1),
            d = network.CreateCache(1);
        Task<float[]> first = Start(() => a.Append(0, [.. Enumerable.Repeat(1, 100)], 1).ToArray());
        Run run = _inner.Next();
        Task<float[]> second = Queue(network, 1, () => b.Step([1]).ToArray());
        Task<float[]> third = Queue(network, 2, () => c.Step([2]).ToArray());
        run.Go();
        run = _inner.Next();
        Assert.Equal([1, 2], run.Tokens);
        run.Fail(new LinkException(LinkErrorCode.LimitExceeded, "no memory"));
        Assert.Equal("no memory", (await Assert.ThrowsAsync<LinkException>(() => second)).Message);
        await Assert.ThrowsAsync<LinkException>(() => third);
        _inner.Next().Fail(new LinkException(LinkErrorCode.LimitExceeded, "no memory"));
        await Assert.ThrowsAsync<LinkException>(() => first);
        Assert.Equal((0, 0, 0), (a.Length(0), b.Length(0), c.Length(0)));

        Task<float[]> again = Start(() => d.Step([0]).ToArray());
        run = _inner.Next();
        second = Queue(network, 1, () => b.Step([2]).ToArray());
        third = Queue(network, 2, () => c.Step([1]).ToArray());
        run.Go();
        _inner.Next().Go();
        Assert.Equal(GatedTransformer.Logits([2]), await second);
        Assert.Equal(GatedTransformer.Logits([1]), await third);
        await again;
    }

    [Fact]
    public async Task A_callers_mistake_is_its_own()
    {
        using BatchedTransformer network = new(_inner, runs: 1);
        using KvCache a = network.CreateCache(1), b = network.CreateCache(2),
            other = new GatedTransformer().CreateCache(1);
        Task<float[]> call = Start(() => a.Step([0]).ToArray());
        Run run = _inner.Next();
        Assert.Throws<ArgumentOutOfRangeException>(() => b.Step([3]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => b.Step([0, 0, 0]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => b.Append(2, [0], 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => b.Append(0, [0], 2).Length);
        Assert.Throws<ArgumentException>(() => b.Append(0, new int[network.Window + 1], 1).Length);
        Assert.Throws<ArgumentException>(() => b.CopyRow(other, 0, 0));
        Assert.Equal(6, b.Step([-1, -1]).Length); // nothing to run
        run.Go();
        await call;
        Assert.True(_inner.IsQuiet);
    }

    private static Task<float[]> Start(Func<float[]> call) => GatedTransformer.Start(call);

    private static Task<float[]> Queue(BatchedTransformer network, int queued, Func<float[]> call) =>
        GatedTransformer.Queue(network, queued, call);

    private static Task<float[]> Call(KvCache cache, int number) =>
        Start(() => (number % 2 == 0 ? cache.Append(0, [.. Enumerable.Repeat(1, 100)], 1) : cache.Step([1])).ToArray());
}
