namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// Measurements that come from the cache or are made and kept there: the longest first, some side by side.
/// </summary>
/// <param name="cache">Looked up at once; a job that another process has finished meanwhile is not done again.</param>
/// <param name="parts">What may be measured now; the rest comes from the cache alone.</param>
/// <param name="threads">Jobs side by side.</param>
internal sealed class JobList(ResultCache cache, IReadOnlyList<string> parts, int threads)
{
    private readonly List<(long Cost, Action Work)> _jobs = [];
    private readonly object _console = new();
    private int _left;

    /// <summary>Takes a result that is known, or plans to make it.</summary>
    /// <param name="cost">The job's time beside that of others, in any unit.</param>
    /// <param name="name">The name of what is measured, for people and for the cache.</param>
    /// <param name="part">The part that it belongs to.</param>
    /// <param name="key">All that the result depends on.</param>
    /// <param name="measure">Makes it; null where there is none.</param>
    /// <param name="take">Gets it, on any thread.</param>
    public void Plan<T>(long cost, string name, string part, string key, Func<T?> measure, Action<T> take)
        where T : class
    {
        if (cache.Find<T>($"{name}.{part}", key) is { } known)
        {
            take(known);
        }
        else if (parts.Contains(part))
        {
            _jobs.Add((cost, () =>
            {
                if ((cache.Find<T>($"{name}.{part}", key) ?? measure()) is { } made)
                {
                    cache.Store($"{name}.{part}", key, made);
                    take(made);
                }

                lock (_console)
                {
                    Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {name} {part}, {--_left} to go");
                }
            }));
        }
    }

    /// <summary>Does what was planned.</summary>
    public void Run()
    {
        _left = _jobs.Count;
        Queue<Action> queue = new(_jobs.OrderByDescending(job => job.Cost).Select(job => job.Work));
        Task[] workers = [.. Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (Next(queue) is { } job)
                {
                    job();
                }
            },
            TaskCreationOptions.LongRunning))];
        Task.WaitAll(workers);
    }

    private static Action? Next(Queue<Action> jobs)
    {
        lock (jobs)
        {
            return jobs.TryDequeue(out Action? job) ? job : null;
        }
    }
}
