using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.Benchmarks.Language;
using LinkCodec.Benchmarks.Media;
using LinkCodec.Benchmarks.Micro;
using LinkCodec.Benchmarks.Paths;
using LinkCodec.Benchmarks.WholeProcess;
using LinkCodec.CommandLine;

Dictionary<Command, string> examples = [];
RootCommand root = new("Speed, memory and ratios. Without a command, options are BenchmarkDotNet's: --filter, --list, "
    + "--job (default: short).")
{
    DevCommand.Create(examples),
    OverheadCommand.Create(examples),
    LanguageCommand.Create(examples),
    SpeedCommand.Create(examples),
    StepCommand.Create(examples),
    KernelCommand.Create(examples),
    ProcessCommand.Create(examples),
    FirstMessage.Create(),
    SessionsCommand.Create(examples),
    SessionsCommand.CreateSenders(),
    BlocksCommand.Create(examples),
    MediaCommand.Create(examples),
    MediaCommand.CreateTraining(examples),
    ThroughputCommand.Create(examples),
    WireCommand.Create(examples),
    StateCommand.Create(examples),
    GoodputCommand.Create(examples),
    PrimedCommand.Create(examples),
};
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction(parsed => RunSwitcher([.. parsed.UnmatchedTokens]));
examples[root] = "LinkCodec.Benchmarks --filter '*Seal*'";
return await CommandHost.RunAsync("LinkCodec.Benchmarks", root, examples, args, Console.Out, Console.Error);

// In this process: the projects that BenchmarkDotNet would generate do not build under the repository's properties.
static int RunSwitcher(List<string> arguments)
{
    ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
        .AddColumn(StatisticColumn.Median, StatisticColumn.Min, new ThroughputColumn())
        .HideColumns(StatisticColumn.Mean, StatisticColumn.Error, StatisticColumn.StdDev)
        .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
    if (!arguments.Contains("--inProcess"))
    {
        arguments.Add("--inProcess");
    }

    if (!arguments.Contains("--job") && !arguments.Contains("-j"))
    {
        arguments.AddRange(["--job", "short"]);
    }

    BenchmarkSwitcher.FromAssembly(typeof(SealBenchmarks).Assembly).Run([.. arguments], config);
    return 0;
}
