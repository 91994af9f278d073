using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LinkCodec.CommandLine;

/// <summary>The usual help under the command's own name, and an example.</summary>
public sealed class ExampleHelpAction(HelpAction usual, string name, IReadOnlyDictionary<Command, string> examples)
    : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        using StringWriter help = new();
        parseResult.InvocationConfiguration.Output = help;
        int code = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;

        // The parser knows only the file that runs, which is not what a person types.
        string text = help.ToString().TrimEnd();
        output.WriteLine(text.Replace($"\n  {RootCommand.ExecutableName} ", $"\n  {name} ", StringComparison.Ordinal));
        output.WriteLine();
        if (examples.TryGetValue(parseResult.CommandResult.Command, out string? example))
        {
            output.WriteLine("Example:");
            output.WriteLine($"  {example}");
        }

        return code;
    }
}
