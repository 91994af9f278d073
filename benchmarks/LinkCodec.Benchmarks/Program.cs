using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.Benchmarks.Language;
using LinkCodec.Benchmarks.Micro;
using LinkCodec.Benchmarks.WholeProcess;
using LinkCodec.Core.Primitives;

const string Usage = """
    usage: LinkCodec.Benchmarks [COMMAND] [OPTIONS]
      dev [--snapshot NAME] [--data DIR] [--sample N] [--cut BYTES] [--files TEXT] [--acked-kilobytes N] [--threads N]
          [--parts peers,stretch,cold,acked,short,growth] [--cache DIR] [--report] [--write] [--readme FILE]
                     ratios on the development data, message by message, decoded and compared: cold, with acknowledged
                     context (of the first N kilobytes of each file; 0: all), and peers. Results are kept in the cache;
                     --report prints what is there, --write puts the table into benchmarks/README.md
      overhead [--snapshot NAME] [--data DIR] [--sample N] [--files TEXT]
                     what the range coder adds to the model's own figures
      language --snapshot DIR [--model GGUF] [--data DIR] [--parts english,prose,structured,speed,roundtrip] [--threads N]
          [--files TEXT] [--messages N] [--stretches N] [--structured N] [--stream-kilobytes N] [--prose-kilobytes N]
          [--prefix-kilobytes N] [--cache DIR] [--report] [--write] [--readme FILE]
                     a language model's snapshot on the development data: English beside the model in floats (--model),
                     prose beside zpaq, structured messages, speed, round trips in other batches; kept, reported and
                     written as by dev
      speed [--snapshot NAME]... [--write] [--readme FILE]
                     message bytes a second of processor time by number of streams, loading, memory; default: every
                     snapshot that is found
      step           where the time of one step goes, by number of streams
      kernel [GRAPH] time of a step of the network by who runs it, and by number of streams
      process [--runs N] [--snapshot NAME] [-- PROGRAM ARGUMENTS...]
                     time and memory of whole processes, medians; without a program: load a snapshot and code one message
      otherwise      BenchmarkDotNet: --filter '*Seal*', --list flat, --job short (the default), ...
    """;

string command = args.Length > 0 ? args[0] : "";
string[] rest = args.Length > 0 ? args[1..] : [];
try
{
    if (rest.Any(argument => argument is "--help" or "-h") && !rest.Contains("--"))
    {
        command = "--help";
    }

    switch (command)
    {
        case "--help" or "-h" or "help":
            Console.WriteLine(Usage);
            return 0;
        case "dev":
            return DevCommand.Run(rest);
        case "language":
            return LanguageCommand.Run(rest);
        case "overhead":
            return OverheadCommand.Run(rest);
        case "step":
            return StepCommand.Run();
        case "kernel":
            return KernelCommand.Run(rest);
        case "speed":
            return SpeedCommand.Run(rest);
        case "process":
            return ProcessCommand.Run(rest);
        case FirstMessage.Command:
            return FirstMessage.Run(rest);
        default:
            return RunSwitcher(args);
    }
}
catch (Exception e) when (e is ArgumentException or LinkException or IOException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}

// In this process: the projects that BenchmarkDotNet would generate do not build under the repository's properties.
static int RunSwitcher(string[] args)
{
    ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
        .AddColumn(StatisticColumn.Median, StatisticColumn.Min, new ThroughputColumn())
        .HideColumns(StatisticColumn.Mean, StatisticColumn.Error, StatisticColumn.StdDev)
        .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
    List<string> all = [.. args];
    if (!all.Contains("--inProcess"))
    {
        all.Add("--inProcess");
    }

    if (!all.Contains("--job") && !all.Contains("-j"))
    {
        all.AddRange(["--job", "short"]);
    }

    BenchmarkSwitcher.FromAssembly(typeof(SealBenchmarks).Assembly).Run([.. all], config);
    return 0;
}
