using System.Collections.Concurrent;
using LinkCodec.Models.Language.Batching;
using LinkCodec.Models.Language.Inference;
using Xunit;

namespace LinkCodec.Tests.Language.Batching;

/// <summary>A network whose runs wait until a test lets them go. A logit is a hash of all tokens of its row.</summary>
internal sealed class GatedTransformer : Transformer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly BlockingCollection<Run> _started = [];
    private int _disposedCaches;
    private int _copied;

    public override int Vocabulary => 3;

    public override int Window => 1024;

    /// <summary>Whether runs wait.</summary>
    public bool IsGated { get; set; } = true;

    /// <summary>Caches that were made, those of stages among them.</summary>
    public int Caches { get; private set; }

    public int DisposedCaches => Volatile.Read(ref _disposedCaches);

    /// <summary>Tokens that were copied from row to row.</summary>
    public int Copied => Volatile.Read(ref _copied);

    /// <summary>The next run that has begun.</summary>
    public Run Next()
    {
        Assert.True(_started.TryTake(out Run? run, Patience));
        return run;
    }

    /// <summary>No run has begun that <see cref="Next"/> did not give.</summary>
    public bool IsQuiet => _started.Count == 0;

    /// <summary>Makes a call on a thread of its own.</summary>
    public static Task<float[]> Start(Func<float[]> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The same, and waits until so many calls are in the queues.</summary>
    public static Task<float[]> Queue(BatchedTransformer network, int queued, Func<float[]> call)
    {
        Task<float[]> task = Start(call);
        Until(() => network.Scheduler.Waiting.Queued == queued);
        return task;
    }

    public static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience));

    /// <summary>The logits of a row.</summary>
    public static float[] Logits(IEnumerable<int> row)
    {
        uint hash = row.Aggregate(7u, (h, token) => (h * 31) + (uint)token);
        return [.. Enumerable.Range(0, 3).Select(i => (float)((hash >> (8 * i)) & 0xFF))];
    }

    public override KvCache CreateCache(int rows)
    {
        Caches++;
        return new Cache(this, rows);
    }

    public override void Dispose()
    {
    }

    private void Wait(Run run)
    {
        if (IsGated)
        {
            _started.Add(run);
            Assert.True(run.Gate.Wait(Patience));
        }

        if (run.Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>A run that has begun: tokens of one row, or the token of each row.</summary>
    internal sealed record Run(bool IsAppend, int[] Tokens, int Thread)
    {
        public SemaphoreSlim Gate { get; } = new(0);

        public Exception? Failure { get; private set; }

        public void Go() => Gate.Release();

        public void Fail(Exception failure)
        {
            Failure = failure;
            Go();
        }
    }

    private sealed class Cache(GatedTransformer network, int rows) : KvCache
    {
        private readonly List<int>[] _rows = [.. Enumerable.Range(0, rows).Select(_ => new List<int>())];
        private float[] _logits = [];
        private bool _disposed;

        public override int Rows => _rows.Length;

        public override ReadOnlySpan<float> Logits => _logits;

        public override int Length(int row) => _rows[row].Count;

        public override void Truncate(int row, int length) => _rows[row].RemoveRange(length, _rows[row].Count - length);

        public override void CopyRow(KvCache source, int from, int to, int known = 0)
        {
            List<int> other = ((Cache)source)._rows[from];
            Assert.Equal(other[..known], _rows[to][..known]);
            int[] copied = [.. other[known..]];
            Truncate(to, known);
            _rows[to].AddRange(copied);
            Interlocked.Add(ref network._copied, copied.Length);
        }

        public override ReadOnlySpan<float> Append(int row, ReadOnlySpan<int> tokens, int wanted)
        {
            network.Wait(new Run(true, tokens.ToArray(), Environment.CurrentManagedThreadId));
            Assert.False(_disposed);
            List<float> logits = [];
            for (int i = 0; i < tokens.Length; i++)
            {
                _rows[row].Add(tokens[i]);
                logits.AddRange(i >= tokens.Length - wanted ? GatedTransformer.Logits(_rows[row]) : []);
            }

            return _logits = [.. logits];
        }

        public override ReadOnlySpan<float> Step(ReadOnlySpan<int> tokens)
        {
            network.Wait(new Run(false, tokens.ToArray(), Environment.CurrentManagedThreadId));
            Assert.False(_disposed);
            List<float> logits = [];
            for (int row = 0; row < tokens.Length; row++)
            {
                Assert.True(tokens[row] >= 0, "A row runs idle.");
                _rows[row].Add(tokens[row]);
                logits.AddRange(GatedTransformer.Logits(_rows[row]));
            }

            return _logits = [.. logits];
        }

        public override void Dispose()
        {
            Assert.False(_disposed);
            _disposed = true;
            Interlocked.Increment(ref network._disposedCaches);
        }
    }
}
