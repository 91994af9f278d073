using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Endpoint;

namespace LinkCodec.Transport.Driving;

/// <summary>
/// Has an endpoint's work coded on other threads, and keeps what is done until the loop takes it back.
/// </summary>
/// <param name="code">Codes or decodes a piece of work.</param>
/// <param name="most">Pieces that are coded at once.</param>
/// <param name="wake">Told when one is done.</param>
internal sealed class WorkRunner(Func<CodingWork, CancellationToken, Task> code, int most, WakeSignal wake)
{
    private readonly ConcurrentQueue<CodingWork> _done = new();
    private readonly List<Task> _running = [];
    private int _out; // Pieces that were started and not taken back.

    /// <summary>Whether another piece may be started.</summary>
    public bool HasRoom => _out < most;

    public void Start(CodingWork work, CancellationToken stop)
    {
        _out++;
        _running.RemoveAll(task => task.IsCompleted);
        _running.Add(Task.Run(() => RunAsync(work, stop), CancellationToken.None));
    }

    public bool TryTakeDone([NotNullWhen(true)] out CodingWork? work)
    {
        bool any = _done.TryDequeue(out work);
        _out -= any ? 1 : 0;
        return any;
    }

    /// <summary>Waits for what runs; it was cancelled before.</summary>
    public Task EndAsync() => Task.WhenAll(_running);

    private async Task RunAsync(CodingWork work, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await code(work, stop).ConfigureAwait(false);
            work.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        catch (Exception e)
        {
            work.Failure = e; // The endpoint ends what depends on it.
        }

        _done.Enqueue(work);
        wake.Set();
    }
}
