using System.Diagnostics;
using System.Globalization;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>This program as a fresh process, and the figures that it prints as <c>key=value</c>.</summary>
internal static class OwnProcess
{
    /// <summary>What starts this program.</summary>
    public static string[] Command()
    {
        string process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? [process, typeof(OwnProcess).Assembly.Location]
            : [process];
    }

    /// <summary>The arguments of <see cref="FirstMessage"/>, with the time of now.</summary>
    public static string[] FirstMessage(int streams, string snapshot) =>
        [WholeProcess.FirstMessage.CommandName, Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture),
            $"{streams}", snapshot];

    /// <summary>Medians of what some runs print, by key.</summary>
    public static Dictionary<string, double> Median(int runs, Func<IEnumerable<string>> run)
    {
        Dictionary<string, List<double>> all = [];
        for (int i = 0; i < runs; i++)
        {
            foreach (string line in run())
            {
                string[] pair = line.Split('=');
                if (pair.Length == 2 && double.TryParse(pair[1], CultureInfo.InvariantCulture, out double value))
                {
                    (all.TryGetValue(pair[0], out List<double>? values) ? values : all[pair[0]] = []).Add(value);
                }
            }
        }

        return all.ToDictionary(pair => pair.Key, pair => pair.Value.Order().ElementAt(pair.Value.Count / 2));
    }

    /// <summary>Runs a program to its end; the lines that it prints, those of standard error last.</summary>
    /// <exception cref="IOException">The process failed.</exception>
    public static IEnumerable<string> Run(params string[] program)
    {
        ProcessStartInfo start = new(program[0], program[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string said = errors.GetAwaiter().GetResult();
        return process.ExitCode == 0
            ? [.. output.Split('\n'), .. said.Split('\n')]
            : throw new IOException($"{program[0]} ended with {process.ExitCode}: {said.Trim()}");
    }
}
