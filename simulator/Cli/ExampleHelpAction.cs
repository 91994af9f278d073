using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LinkCodec.Simulator.Cli;

/// <summary>The usual help, and an example.</summary>
internal sealed class ExampleHelpAction(HelpAction usual, IReadOnlyDictionary<Command, string> examples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (examples.TryGetValue(parseResult.CommandResult.Command, out string? example))
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Example:");
            output.WriteLine($"  {example}");
        }

        return code;
    }
}
