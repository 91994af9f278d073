using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Preambles;
using LinkCodec.Models;
using LinkCodec.Tool.Training;

namespace LinkCodec.Tool.Commands;

/// <summary><c>snapshot preamble</c>: a language snapshot with preambles made from sample messages.</summary>
internal static class SnapshotPreambleCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> which = new("SNAPSHOT")
        {
            Description = "A language snapshot: label, first digits of the name, or folder (with a separator: ./mine).",
        };
        Argument<string[]> files = new("SAMPLES")
        {
            Description = PreambleFiles.Description,
            Arity = ArgumentArity.OneOrMore,
            HelpName = "[PROFILE=]FILE",
        };
        Option<string> name = new("--name")
        {
            Description = "What people will call the new snapshot, at most 64 bytes; the folder's name too where -o is "
                + "not given.",
            Required = true,
        };
        Option<string?> output = new("--out", "-o") { Description = "Folder to write the new snapshot into." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command preamble = new(
            "preamble", "Makes a snapshot whose model reads sample messages before each message of their kind that "
                + "starts cold: fewer bits, and none on the link for the samples.")
        {
            which, files, name, output, json,
        };
        examples[preamble] =
            "linkcodec snapshot preamble ./smollm2 weather=metar.txt log=syslog.txt --name smollm2-ground";
        preamble.SetAction(async (parsed, cancel) =>
        {
            string label = parsed.GetValue(name)!;
            string folder = parsed.GetValue(output) ?? label;
            if (label.Length == 0 || folder.Length == 0)
            {
                throw new UsageException("--name and --out must not be empty");
            }

            SnapshotFiles snapshot = SnapshotStore.Default.Find(parsed.GetValue(which));
            IReadOnlyList<PreambleSample> samples = PreambleFiles.Read(parsed.GetValue(files)!);
            try
            {
                PreambleMaker.Check(snapshot, label, samples);
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Message, e);
            }

            string doing = "";
            Task<(SnapshotManifest, IReadOnlyList<PreambleReport>)> work = Task.Run(Make, cancel);
            await ProgressLine.ShowWhileAsync(work, () => Volatile.Read(ref doing),
                parsed.InvocationConfiguration.Error, !Console.IsErrorRedirected).ConfigureAwait(false);
            (SnapshotManifest manifest, IReadOnlyList<PreambleReport> reports) = await work.ConfigureAwait(false);
            SnapshotFacts.Print(
                parsed.GetValue(json), parsed.InvocationConfiguration.Output, reports,
                ("name", manifest.Name.ToString()), ("label", manifest.Label), ("folder", folder));

            (SnapshotManifest, IReadOnlyList<PreambleReport>) Make()
            {
                using SnapshotDraft draft = SnapshotDraft.Begin(folder);
                (SnapshotManifest, IReadOnlyList<PreambleReport>) made = PreambleMaker.Make(snapshot, draft.Folder,
                    label, samples, what => Volatile.Write(ref doing, what), cancel);
                draft.Commit(SnapshotDraft.ImportedNames);
                return made;
            }
        });
        return preamble;
    }
}
