using System.Diagnostics;
using System.Globalization;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>Runs whole processes under GNU time and prints medians as Markdown.</summary>
internal static class ProcessCommand
{
    private const string Timer = "/usr/bin/time";

    public static int Run(string[] arguments)
    {
        int split = Array.IndexOf(arguments, "--");
        string[] program = split < 0 ? [] : arguments[(split + 1)..];
        int runs = Options.Number(arguments, "--runs", 5);
        if (!File.Exists(Timer))
        {
            Console.WriteLine($"skipped: {Timer} is not installed (Debian: apt-get install time)");
            return 0;
        }

        if (program.Length > 0)
        {
            Print(string.Join(' ', program.Select(Path.GetFileName)), Median(runs, () => program));
            return 0;
        }

        foreach (int lanes in new[] { 1, 64 })
        {
            Print(
                $"load bytes-1, code and decode {lanes} message(s) of 100 bytes",
                Median(runs, () => [.. Self(), FirstMessage.Command, Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture), $"{lanes}"]));
        }

        return 0;
    }

    private static string[] Self()
    {
        string process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, typeof(ProcessCommand).Assembly.Location] : [process];
    }

    // One key=value for each line of the program that has such a form, and GNU time's figures.
    private static Dictionary<string, double> Median(int runs, Func<string[]> program)
    {
        Dictionary<string, List<double>> all = [];
        for (int run = 0; run < runs; run++)
        {
            foreach (string line in RunOnce(program()))
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

    private static string[] RunOnce(string[] program)
    {
        const string Format = "elapsed, s=%e\nuser processor time, s=%U\nsystem processor time, s=%S\nmaximum resident set, KB=%M";
        ProcessStartInfo start = new(Timer, ["-f", Format, .. program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string said = errors.GetAwaiter().GetResult();
        return process.ExitCode == 0
            ? [.. output.Split('\n'), .. said.Split('\n')]
            : throw new IOException($"{program[0]} ended with {process.ExitCode}: {said.Trim()}");
    }

    private static void Print(string title, Dictionary<string, double> values)
    {
        Console.WriteLine($"| {title} | median |\n|---|---|");
        foreach ((string key, double value) in values)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {key} | {value:0.##} |"));
        }

        Console.WriteLine();
    }
}
