namespace LinkCodec.CommandLine;

/// <summary>A line on the terminal that says how far a command is: once a second, from the first second on, and only on a terminal.</summary>
public static class ProgressLine
{
    /// <summary>Runs <paramref name="work"/> and shows <paramref name="line"/> meanwhile; the line is wiped at the end.</summary>
    public static async Task ShowWhileAsync(Task work, Func<string> line, TextWriter error, bool isTerminal)
    {
        if (!isTerminal)
        {
            await work.ConfigureAwait(false);
            return;
        }

        int longest = 0;
        using PeriodicTimer seconds = new(TimeSpan.FromSeconds(1));
        Task<bool> tick = seconds.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(work, tick).ConfigureAwait(false) != work)
        {
            string text = line();
            longest = Math.Max(longest, text.Length);
            await error.WriteAsync($"\r{text.PadRight(longest)}").ConfigureAwait(false);
            tick = seconds.WaitForNextTickAsync().AsTask();
        }

        if (longest > 0)
        {
            await error.WriteAsync($"\r{new string(' ', longest)}\r").ConfigureAwait(false);
        }

        await work.ConfigureAwait(false);
    }
}
