using System.CommandLine;
using System.Globalization;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>Runs whole processes under GNU time and prints medians as Markdown.</summary>
internal static class ProcessCommand
{
    private const string Timer = "/usr/bin/time";
    private const string Format =
        "elapsed, s=%e\nuser processor time, s=%U\nsystem processor time, s=%S\nmaximum resident set, KB=%M";

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<int> runs = Options.Number("--runs", 5, "How often each runs.");
        Option<string> snapshot = Options.Snapshot();
        Argument<string[]> program = new("PROGRAM")
        {
            Description =
                "A program and its arguments, after --. Default: this one loads a snapshot and codes messages.",
        };
        Command process = new("process", "Time and memory of whole processes, medians.") { runs, snapshot, program };
        examples[process] = "LinkCodec.Benchmarks process --runs 9 -- xz -9e --keep --stdout notes.txt";
        process.SetAction(
            parsed => Run(parsed.GetValue(runs), parsed.GetValue(snapshot)!, parsed.GetValue(program) ?? []));
        return process;
    }

    private static int Run(int runs, string snapshot, string[] program)
    {
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
    private static Dictionary<string, double> Median(int runs, Func<string[]> program) =>
        OwnProcess.Median(runs, () => OwnProcess.Run([Timer, "-f", Format, .. program()]));

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
