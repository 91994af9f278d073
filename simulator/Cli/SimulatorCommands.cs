using System.CommandLine;
using LinkCodec.CommandLine;

namespace LinkCodec.Simulator.Cli;

/// <summary>The commands of linkcodec-simulator.</summary>
internal static class SimulatorCommands
{
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error,
        CancellationToken cancellationToken = default)
    {
        Dictionary<Command, string> examples = [];
        RootCommand root = new("A narrow, long, lossy link: in virtual time, or in real time between two processes.");
        examples[root] = "linkcodec-simulator scenarios list";
        root.Subcommands.Add(ScenariosCommand.Create(examples));
        root.Subcommands.Add(RunCommand.Create(examples));
        root.Subcommands.Add(ProxyCommand.Create(examples));
        return CommandHost.RunAsync("linkcodec-simulator", root, examples, args, output, error, cancellationToken);
    }
}
