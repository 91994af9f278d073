using LinkCodec.Models.Language.Batching;
using LinkCodec.Models.Language.Inference;
using Xunit;
using Run = LinkCodec.Tests.Language.Batching.GatedTransformer.Run;

namespace LinkCodec.Tests.Language.Batching;

/// <summary>Who runs with whom and when: every run waits for the test, which knows who has come.</summary>
public sealed class BatchSchedulerTests
{
    private readonly GatedTransformer _inner = new();

    [Fact]
    public async Task A_caller_alone_runs_in_place_and_on_its_own_thread()
    {
        using BatchedTransformer network = Share();
        using KvCache cache = network.CreateCache(2);
        int caller = 0;
        Task<float[]> call = Start(() =>
        {
            caller = Environment.CurrentManagedThreadId;
            return cache.Step([1, 2]).ToArray();
        });
        Run run = _inner.Next();
        run.Go();
        Assert.Equal(Join([1], [2]), await call);
        Assert.Equal((caller, 1, 0), (run.Thread, _inner.Caches, _inner.Copied));
    }

    [Fact]
    public async Task What_waits_when_a_run_ends_is_the_next_batch_in_the_order_of_its_coming()
    {
        using BatchedTransformer network = Share();
        using KvCache a = network.CreateCache(1), b = network.CreateCache(2), c = network.CreateCache(3);
        Task<float[]> first = Start(() => a.Step([0]).ToArray());
        Run alone = _inner.Next();
        Task<float[]> second = Queue(network, 1, () => b.Step([1, 2]).ToArray());
        Task<float[]> third = Queue(network, 2, () => c.Step([-1, 0, -1]).ToArray());
        alone.Go();
        await first;
        Run both = _inner.Next();
        Assert.Equal([1, 2, 0], both.Tokens);
        both.Go();
        Assert.Equal(Join([1], [2]), await second);
        Assert.Equal(GatedTransformer.Logits([0]), (await third)[3..6]);
        Assert.Equal((0, 1, 0), (c.Length(0), c.Length(1), c.Length(2)));
    }

    [Fact]
    public async Task Rows_that_step_again_are_not_copied_again()
    {
        using BatchedTransformer network = Share();
        using KvCache a = network.CreateCache(1), b = network.CreateCache(1), c = network.CreateCache(2);
        _inner.IsGated = false;
        b.Append(0, [.. Enumerable.Repeat(1, 100)], 1);
        c.Append(0, [.. Enumerable.Repeat(2, 100)], 1);
        _inner.IsGated = true;
        Assert.Equal(202, await CopiedByStepping(0)); // whole rows there, a token of each back
        Assert.Equal(2, await CopiedByStepping(0));
        c.CopyRow(c, 0, 1);
        Assert.Equal(2, await CopiedByStepping(1)); // a copy takes over its original's seat
        c.Truncate(1, 50);
        Assert.Equal(52, await CopiedByStepping(1));
        Assert.Equal(GatedTransformer.Logits([.. Enumerable.Repeat(2, 50), 1]), c.Logits[3..6].ToArray());

        async Task<int> CopiedByStepping(int row)
        {
            int before = _inner.Copied;
            Task first = Start(() => a.Step([0]).ToArray());
            Run run = _inner.Next();
            Task second = Queue(network, 1, () => b.Step([1]).ToArray());
            Task third = Queue(network, 2, () => c.Step(row == 0 ? [1] : [-1, 1]).ToArray());
            run.Go();
            _inner.Next().Go();
            await Task.WhenAll(first, second, third);
            return _inner.Copied - before;
        }
    }

    [Fact]
    public async Task A_batch_has_32_rows_at_most_and_a_wide_step_lets_others_in_between()
    {
        using BatchedTransformer network = Share();
        using KvCache a = network.CreateCache(1), wide = network.CreateCache(70), b = network.CreateCache(1),
            c = network.CreateCache(20);
        Task first = Start(() => a.Step([0]).ToArray());
        Run run = _inner.Next();
        Task<float[]> second = Queue(network, 1,
            () => wide.Step([.. Enumerable.Range(0, 70).Select(i => i % 3)]).ToArray());
        Task third = Queue(network, 2, () => b.Step([2]).ToArray());
        Task fourth = Queue(network, 3, () => c.Step([.. Enumerable.Repeat(0, 20)]).ToArray());
        List<int> sizes = [];
        for (int i = 0; i < 4; i++)
        {
            run.Go();
            run = _inner.Next();
            sizes.Add(run.Tokens.Length);
        }

        run.Go();
        await Task.WhenAll(first, second, third, fourth);
        Assert.Equal([32, 21, 32, 6], sizes);
        Assert.Equal(Join([.. Enumerable.Range(0, 70).Select(i => (int[])[i % 3])]), await second);
    }

    [Fact]
    public async Task Long_appends_are_cut_and_take_turns_with_steps_and_with_each_other()
    {
        using BatchedTransformer network = Share();
        KvCache[] caches = [.. Enumerable.Range(0, 5).Select(_ => network.CreateCache(1))];
        int[] ones = [.. Enumerable.Repeat(1, 100)], twos = [.. Enumerable.Repeat(2, 40)];
        List<Task> steps = [Start(() => caches[0].Step([0]).ToArray())];
        Run run = _inner.Next();
        Task<float[]> first = Queue(network, 1, () => caches[1].Append(0, ones, 80).ToArray());
        Task<float[]> second = Queue(network, 2, () => caches[2].Append(0, twos, 1).ToArray());
        steps.Add(Queue(network, 3, () => caches[3].Step([0]).ToArray()));
        Next((true, 1, 32));
        Next((false, 0, 1));
        steps.Add(Queue(network, 3, () => caches[4].Step([0]).ToArray()));
        Next((true, 2, 32));
        Next((false, 0, 1));
        Next((true, 1, 32));
        Next((true, 2, 8));
        Next((true, 1, 36)); // nobody waits any more
        run.Go();
        await Task.WhenAll(steps);
        Assert.Equal(Join([.. Enumerable.Range(21, 80).Select(n => ones[..n])]), await first);
        Assert.Equal(GatedTransformer.Logits(twos), await second);

        void Next((bool IsAppend, int Token, int Count) expected)
        {
            run.Go();
            run = _inner.Next();
            Assert.Equal(expected, (run.IsAppend, run.Tokens[0], run.Tokens.Length));
        }
    }

    [Fact]
    public async Task As_many_runs_as_a_network_is_told_go_side_by_side()
    {
        using BatchedTransformer network = Share(runs: 2);
        KvCache[] caches = [.. Enumerable.Range(0, 4).Select(_ => network.CreateCache(1))];
        Task<float[]> a = Start(() => caches[0].Step([0]).ToArray()),
            b = Start(() => caches[1].Append(0, [1], 1).ToArray());
        Run[] runs = [_inner.Next(), _inner.Next()];
        Task<float[]> c = Queue(network, 1, () => caches[2].Step([1]).ToArray()),
            d = Queue(network, 2, () => caches[3].Step([2]).ToArray());
        Assert.True(_inner.IsQuiet);
        runs[1].Go();
        Run third = _inner.Next();
        Assert.Equal([1, 2], third.Tokens);
        third.Go();
        await Task.WhenAll(c, d);
        runs[0].Go();
        await Task.WhenAll(a, b);
    }

    [Fact]
    public async Task A_caller_whose_request_is_in_anothers_batch_leads_where_nobody_else_could()
    {
        using BatchedTransformer network = Share(runs: 2);
        KvCache[] caches = [.. Enumerable.Range(0, 3).Select(_ => network.CreateCache(1))];
        Task<float[]> a = Start(() => caches[0].Step([0]).ToArray());
        Run first = _inner.Next();
        Task<float[]> b = Start(() => caches[1].Append(0, [.. Enumerable.Repeat(1, 100)], 1).ToArray());
        Run piece = _inner.Next();
        Task<float[]> c = Queue(network, 1, () => caches[2].Step([2]).ToArray());
        piece.Go();
        Run step = _inner.Next();
        // c's on b's thread, and the rest of b's waits
        Assert.Equal((false, 2, piece.Thread), (step.IsAppend, step.Tokens[0], step.Thread));
        first.Go();
        await a;
        Run rest = _inner.Next();
        Assert.True(rest.IsAppend && rest.Thread != piece.Thread,
            "A run was free and c's caller was there to lead it.");
        rest.Go();
        step.Go();
        await Task.WhenAll(b, c);
    }

    [Fact]
    public async Task Who_comes_when_the_queue_is_full_waits_at_the_door()
    {
        using BatchedTransformer network = Share(maxRequests: 2);
        KvCache[] caches = [.. Enumerable.Range(0, 5).Select(_ => network.CreateCache(1))];
        List<Task> calls = [Start(() => caches[0].Step([0]).ToArray())];
        Run run = _inner.Next();
        calls.AddRange(caches[1..].Select(cache => Start(() => cache.Step([1]).ToArray())));
        GatedTransformer.Until(() => network.Scheduler.Waiting == (1, 3));
        run.Go();
        for (int left = 4; left > 0;)
        {
            run = _inner.Next();
            Assert.InRange(run.Tokens.Length, 1, 2);
            left -= run.Tokens.Length;
            run.Go();
        }

        await Task.WhenAll(calls);
        Assert.All(caches, cache => Assert.Equal(1, cache.Length(0)));
    }

    private BatchedTransformer Share(int runs = 1, int maxRequests = BatchScheduler.MaxRequests) =>
        new(_inner, runs, maxRequests);

    private static float[] Join(params int[][] rows) => [.. rows.SelectMany(GatedTransformer.Logits)];

    private static Task<float[]> Start(Func<float[]> call) => GatedTransformer.Start(call);

    private static Task<float[]> Queue(BatchedTransformer network, int queued, Func<float[]> call) =>
        GatedTransformer.Queue(network, queued, call);
}
