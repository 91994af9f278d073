using System.Diagnostics;
using System.Text;

namespace LinkCodec.Tests.Commands;

/// <summary>A command that runs; killed when a test leaves it behind.</summary>
internal sealed class RunningCommand : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task<byte[]> _output;

    public RunningCommand(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput.BaseStream);
    }

    public StreamWriter Input => _process.StandardInput;

    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Kills the process at once, if it has not ended, and waits until it is gone.</summary>
    public async Task<CommandRun> KillAsync()
    {
        _process.Kill(); // SIGKILL
        return await FinishAsync();
    }

    /// <summary>The next line of standard error.</summary>
    public async Task<string> ReadErrorLineAsync()
    {
        string line = await _process.StandardError.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"It ended: {_error}");
        _error.Append(line).Append('\n');
        return line;
    }

    public async Task<CommandRun> FinishAsync()
    {
        using (this)
        {
            _process.StandardInput.Close();
            string rest = await _process.StandardError.ReadToEndAsync().WaitAsync(Patience);
            byte[] output = await _output.WaitAsync(Patience);
            await _process.WaitForExitAsync().WaitAsync(Patience);
            return new CommandRun(_process.ExitCode, output, _error.Append(rest).ToString());
        }
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, or was disposed before.
        }

        _process.Dispose();
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        MemoryStream all = new();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
