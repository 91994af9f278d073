using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Tool.Commands;

/// <summary><c>snapshot list|show|verify|fingerprint|import|preamble|train|dictionary|light|seal|tokens</c>.</summary>
internal static class SnapshotCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Command snapshot = new("snapshot",
            "Lists, shows, verifies, imports, trains and seals model snapshots, and gives them preambles.")
        {
            List(examples),
            One(examples, "show", "Shows what a snapshot's manifest says; its other files are not looked at.", Show),
            Verify(examples),
            One(examples, "fingerprint", "Prints what this machine computes with the snapshot: equal on every machine "
                + "that may talk to this one.", Fingerprint),
            SnapshotImportCommand.Create(examples),
            SnapshotPreambleCommand.Create(examples),
            SnapshotTrainCommand.Create(examples),
            SnapshotDictionaryCommand.Create(examples),
            SnapshotLightCommand.Create(examples),
            SnapshotSealCommand.Create(examples),
            SnapshotTokensCommand.Create(examples),
        };
        examples[snapshot] = "linkcodec snapshot list";
        return snapshot;
    }

    private static Command List(Dictionary<Command, string> examples)
    {
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command list = new("list", "Lists the snapshots that this machine has.") { json };
        examples[list] = "linkcodec snapshot list";
        list.SetAction(parsed =>
        {
            IReadOnlyList<SnapshotEntry> entries = SnapshotStore.Default.List();
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                CommandHost.WriteJson(output, writer =>
                {
                    writer.WriteStartArray("snapshots");
                    foreach (SnapshotEntry entry in entries)
                    {
                        writer.WriteStartObject();
                        writer.WriteString("location", entry.Location);
                        writer.WriteString("label", entry.Files?.Manifest.Label);
                        writer.WriteString("name", entry.Files?.Manifest.Name.ToString());
                        writer.WriteString("family", entry.Files?.Manifest.Family);
                        writer.WriteString("fault", entry.Fault?.Message);
                        writer.WriteEndObject();
                    }

                    writer.WriteEndArray();
                });
                return;
            }

            foreach (SnapshotEntry entry in entries)
            {
                output.WriteLine(entry.Files is { } files
                    ? $"{files.Manifest.Label,-16} {files.Manifest.Name}  {SnapshotFacts.Kind(files.Manifest)}  "
                        + $"{entry.Location}"
                    : $"{"(damaged)",-16} {entry.Fault!.Message}");
            }
        });
        return list;
    }

    private static Command One(Dictionary<Command, string> examples, string name, string description,
        Action<string, bool, TextWriter, ParseResult> act)
    {
        Argument<string> which = new("NAME|PATH")
        {
            Description = "Label, first digits of the name, or folder (with a separator: ./mine).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        which.DefaultValueFactory = _ => SnapshotStore.DefaultLabel;
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new(name, description) { which, json };
        examples[command] = $"linkcodec snapshot {name} {SnapshotStore.DefaultLabel}";
        command.SetAction(parsed =>
            act(parsed.GetValue(which)!, parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed));
        return command;
    }

    private static void Show(string which, bool json, TextWriter output, ParseResult parsed)
    {
        SnapshotFiles files = SnapshotStore.Default.Find(which);
        SnapshotFacts.Print(json, output, [("location", files.Location), .. SnapshotFacts.Of(files.Manifest)]);
    }

    private static Command Verify(Dictionary<Command, string> examples)
    {
        Option<ModelDevice> device = LinkArguments.Device();
        Command verify = One(
            examples, "verify", "Checks every file, loads the model and runs its self-test on this machine.",
            (which, json, output, parsed) => Verify(which, parsed.GetValue(device), json, output));
        verify.Options.Add(device);
        return verify;
    }

    private static void Verify(string which, ModelDevice device, bool json, TextWriter output)
    {
        SnapshotFiles files = SnapshotStore.Default.Find(which);
        files.Verify();
        using Snapshot snapshot = SnapshotLoader.Load(files, device);
        SnapshotFacts.Print(
            json,
            output,
            ("name", snapshot.Name.ToString()),
            ("family", SnapshotFacts.Kind(files.Manifest)),
            ("fingerprint", snapshot.Fingerprint.ToString()),
            ("device", device.ToString()),
            ("result", "whole, and exact on this machine"));
    }

    private static void Fingerprint(string which, bool json, TextWriter output, ParseResult parsed)
    {
        using Snapshot snapshot = SnapshotStore.Default.Load(which);
        if (json)
        {
            SnapshotFacts.Print(json, output, ("name", snapshot.Name.ToString()),
                ("fingerprint", snapshot.Fingerprint.ToString()));
        }
        else
        {
            output.WriteLine(snapshot.Fingerprint);
        }
    }
}
