using System.CommandLine;
using System.Text;
using LinkCodec.CommandLine;

namespace LinkCodec.Tool.Commands;

/// <summary><c>profile list</c> and <c>profile show NAME</c>.</summary>
internal static class ProfileCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command list = new("list", "Lists the kinds of links that have a name.") { json };
        list.SetAction(parsed => List(parsed.InvocationConfiguration.Output, parsed.GetValue(json)));
        examples[list] = "linkcodec profile list";

        Argument<string> name = new("NAME") { Description = "A name from the list, or a JSON file." };
        Command show = new("show", "Prints a profile: save it, change it, and give the file to --profile.") { name };
        show.SetAction(parsed =>
        {
            string wanted = parsed.GetRequiredValue(name);
            _ = LinkProfile.Find(wanted);
            parsed.InvocationConfiguration.Output.Write(Encoding.UTF8.GetString(LinkProfile.Read(wanted)));
        });
        examples[show] = "linkcodec profile show iridium-sbd > my-link.json";

        Command profile = new("profile", "Shows the kinds of links that sender and receiver know.") { list, show };
        examples[profile] = examples[list];
        return profile;
    }

    private static void List(TextWriter output, bool json)
    {
        IEnumerable<LinkProfile> profiles = LinkProfile.Names.Select(LinkProfile.Find);
        if (!json)
        {
            foreach (LinkProfile profile in profiles)
            {
                output.WriteLine($"{profile.Name,-14}  {profile.Description}");
            }

            return;
        }

        CommandHost.WriteJson(output, writer =>
        {
            writer.WriteStartArray("profiles");
            foreach (LinkProfile profile in profiles)
            {
                writer.WriteStartObject();
                writer.WriteString("name", profile.Name);
                writer.WriteString("description", profile.Description);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
