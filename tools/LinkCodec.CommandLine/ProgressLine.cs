using System.Reactive.Linq;

namespace LinkCodec.CommandLine;

/// <summary>
/// A line on the terminal that says how far a command is: once a second, from the first second on, and only on a
/// terminal.
/// </summary>
public static class ProgressLine
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs <paramref name="work"/> and shows <paramref name="line"/> meanwhile; the line is wiped at the end.
    /// </summary>
    public static Task ShowWhileAsync(Task work, Func<string> line, TextWriter error, bool isTerminal) =>
        ShowWhileAsync(work, Observable.Interval(Pause).Select(_ => line()), error, isTerminal);

    /// <summary>
    /// Runs <paramref name="work"/> and shows the latest of <paramref name="lines"/> meanwhile; it is wiped at the end.
    /// </summary>
    public static async Task ShowWhileAsync(Task work, IObservable<string> lines, TextWriter error, bool isTerminal)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(error);
        int longest = 0;
        Lock writing = new();
        IDisposable showing = !isTerminal ? System.Reactive.Disposables.Disposable.Empty : lines.Sample(Pause)
            .Subscribe(text =>
            {
                lock (writing)
                {
                    longest = Math.Max(longest, text.Length);
                    error.Write($"\r{text.PadRight(longest)}");
                }
            });
        try
        {
            await work.ConfigureAwait(false);
        }
        finally
        {
            showing.Dispose();
            lock (writing)
            {
                error.Write(longest > 0 ? $"\r{new string(' ', longest)}\r" : "");
                longest = 0;
            }
        }
    }
}
