using System.Globalization;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>Runs whole processes under GNU time and prints medians as Markdown.</summary>
internal static class ProcessCommand
{
    private const string Timer = "/usr/bin/time";
    private const string Format = "elapsed, s=%e\nuser processor time, s=%U\nsystem processor time, s=%S\nmaximum resident set, KB=%M";

    public static int Run(string[] arguments)
    {
        int split = Array.IndexOf(arguments, "--");
        string[] program = split < 0 ? [] : arguments[(split + 1)..];
        int runs = Options.Number(arguments, "--runs", 5);
        string snapshot = Options.Text(arguments, "--snapshot") ?? SnapshotStore.DefaultLabel;
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
                $"load {snapshot}, code and decode {lanes} message(s) of 100 bytes",
                Median(runs, () => [.. OwnProcess.Command(), .. OwnProcess.FirstMessage(lanes, snapshot)]));
        }

        return 0;
    }

    // GNU time's figures beside the program's own.
    private static Dictionary<string, double> Median(int runs, Func<string[]> program) => OwnProcess.Median(runs, () => OwnProcess.Run([Timer, "-f", Format, .. program()]));

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
