using System.Diagnostics;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>One of the shipped commands as a process of its own.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource _hasSpoken = new();

    /// <summary>Starts a command.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="output">The file of its standard output; null to keep it.</param>
    /// <param name="arguments">Its arguments.</param>
    public ToolProcess(string program, string? output, params IEnumerable<string> arguments)
    {
        // A shell gives it the file, so that no byte of the output costs this process anything.
        string[] line = output is null ? [] : ["-c", "exec \"$0\" \"$@\" > \"$OUTPUT\"", program];
        ProcessStartInfo start = new(output is null ? program : "sh", [.. line, .. arguments])
        {
            RedirectStandardOutput = output is null,
            RedirectStandardError = true,
        };
        start.Environment["OUTPUT"] = output;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.BeginErrorReadLine();
        _output = output is null ? _process.StandardOutput.ReadToEndAsync() : Task.FromResult("");
    }

    /// <summary>Waits for the first line that it says: it is ready.</summary>
    public Task WaitUntilReadyAsync(CancellationToken stop) => _hasSpoken.Task.WaitAsync(stop);

    /// <summary>Waits for its end; what it printed.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public async Task<string> EndAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode == 0
            ? await _output
            : throw new IOException($"exit code {_process.ExitCode}: {string.Join("; ", _said)}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_said)
        {
            _said.Add(line);
        }

        _hasSpoken.TrySetResult();
    }
}
