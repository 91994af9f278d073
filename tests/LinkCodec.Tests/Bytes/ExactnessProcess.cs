using System.Diagnostics;
using System.Globalization;

namespace LinkCodec.Tests.Bytes;

/// <summary>
/// Runs tests/emulation/LinkCodec.Exactness as a process of its own, since instruction sets are switched off at start.
/// </summary>
internal static class ExactnessProcess
{
    /// <summary>The process's line of output, with <paramref name="variable"/> set to 0 in its environment.</summary>
    internal static string Run(string variable, string snapshot, int sequences, int steps, int batch) =>
        Run(variable, snapshot, Text(sequences), Text(steps), Text(batch));

    /// <summary>The process's line of output for other arguments.</summary>
    internal static string Run(string variable, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"LinkCodec.Exactness failed: {errors.Result}");
    }

    private static string Program()
    {
        // .../tests/LinkCodec.Tests/bin/CONFIGURATION/net10.0 and the same below tests/emulation/LinkCodec.Exactness
        string output = Path.GetRelativePath(TestSnapshots.Find("tests/LinkCodec.Tests"), AppContext.BaseDirectory);
        string path = Path.Combine(TestSnapshots.Find("tests/emulation/LinkCodec.Exactness"), output,
            "LinkCodec.Exactness.dll");
        return File.Exists(path) ? path : throw new InvalidOperationException(
            $"Build tests/emulation/LinkCodec.Exactness first: {path} is missing.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
