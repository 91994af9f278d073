using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Simulator.Cli;

/// <summary><c>scenarios list</c> and <c>scenarios show NAME</c>.</summary>
internal static class ScenariosCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command list = new("list", "Lists the links that have a name.") { json };
        list.SetAction(parsed => List(parsed.InvocationConfiguration.Output, parsed.GetValue(json)));
        examples[list] = "linkcodec-simulator scenarios list";

        Argument<string> name = new("NAME") { Description = "A name from the list, or a JSON file." };
        Command show = new("show",
            "Prints a scenario as JSON: save it, change it, and give the file instead of a name.") { name };
        show.SetAction(parsed =>
            parsed.InvocationConfiguration.Output.WriteLine(ScenarioJson.Write(Find(parsed.GetRequiredValue(name)))));
        examples[show] = "linkcodec-simulator scenarios show demo > my-link.json";

        Command scenarios = new("scenarios", "Shows the links that can be simulated.") { list, show };
        examples[scenarios] = examples[list];
        return scenarios;
    }

    /// <exception cref="UsageException">There is no such scenario.</exception>
    public static Scenario Find(string nameOrPath)
    {
        try
        {
            return BuiltInScenarios.Find(nameOrPath);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static void List(TextWriter output, bool json)
    {
        if (!json)
        {
            foreach (Scenario scenario in BuiltInScenarios.All)
            {
                output.WriteLine($"{scenario.Name,-12}  {scenario.Description}");
            }

            return;
        }

        CommandHost.WriteJson(output, writer =>
        {
            writer.WriteStartArray("scenarios");
            foreach (Scenario scenario in BuiltInScenarios.All)
            {
                writer.WriteStartObject();
                writer.WriteString("name", scenario.Name);
                writer.WriteString("description", scenario.Description);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
