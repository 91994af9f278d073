using System.CommandLine;
using System.Globalization;
using LinkCodec.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.ModelBuilder.Preambles;
using LinkCodec.Models;
using LinkCodec.Tool.Training;

namespace LinkCodec.Tool.Commands;

/// <summary><c>snapshot import</c>: from the files of a language model to a snapshot.</summary>
internal static class SnapshotImportCommand
{
    private const string DefaultContextMixing = "mixed-1";

    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> path = new("PATH")
        {
            Description = "A .gguf file, or a folder with config.json, *.safetensors and tokenizer.json: Llama, "
                + "Mistral, SmolLM2, Qwen2, Qwen3, GPT-2.",
        };
        Option<string> name = new("--name")
        {
            Description = "What people will call it, at most 64 bytes; the folder's name too where -o is not given.",
            Required = true,
        };
        Option<string?> output = new("--out", "-o")
        {
            Description = "Folder to write the files into; those of an older import are replaced.",
        };
        Option<string?> calibration = new("--calibration")
        {
            Description = "Text like what will be sent, some 10 KB; .xz too. Default: a built-in sample of many kinds.",
        };
        Option<string[]> texts = new("--text")
        {
            Description = "Text to measure on, cut into messages of 500 bytes; .xz too; may be repeated. Default: the "
                + "end of the calibration text.",
        };
        Option<int> window = NumberOptions.Of("--window", "Tokens that the model looks back at most, 16 to 8192.",
            2048, 16, 8192);
        Option<string> mixing = new("--context-mixing")
        {
            Description = "Snapshot of context mixing that codes what the language model does not shorten.",
            DefaultValueFactory = _ => DefaultContextMixing,
        };
        Option<string[]> preambles = new("--preamble")
        {
            Description = PreambleFiles.Description + " May be repeated. See 'snapshot preamble'.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command import = new("import", "Makes a snapshot of a language model's files.")
        {
            path, name, output, calibration, texts, window, mixing, preambles, json,
        };
        examples[import] =
            "linkcodec snapshot import SmolLM2-135M-Instruct.Q4_1.gguf --name smollm2 --preamble weather=metar.txt";
        import.SetAction(async (parsed, cancel) =>
        {
            string label = parsed.GetValue(name)!;
            string folder = parsed.GetValue(output) ?? label;
            if (label.Length == 0 || folder.Length == 0)
            {
                throw new UsageException("--name and --out must not be empty");
            }

            LanguageImportOptions options = new()
            {
                Window = parsed.GetValue(window),
                Calibration = parsed.GetValue(calibration) is { } file ? Read(file) : default,
                Texts = [.. (parsed.GetValue(texts) ?? []).Select(text => new ReadOnlyMemory<byte>(Read(text)))],
            };
            SnapshotFiles others = SnapshotStore.Default.Find(parsed.GetValue(mixing));
            IReadOnlyList<PreambleSample> samples = PreambleFiles.Read(parsed.GetValue(preambles) ?? []);
            Check(label, others, samples);
            string doing = "";
            Task<(LanguageImportReport, SnapshotManifest, IReadOnlyList<PreambleReport>)> work = Task.Run(
                Import, cancel);
            await ProgressLine.ShowWhileAsync(work, () => Volatile.Read(ref doing),
                parsed.InvocationConfiguration.Error, !Console.IsErrorRedirected).ConfigureAwait(false);
            (LanguageImportReport report, SnapshotManifest manifest, IReadOnlyList<PreambleReport> made) =
                await work.ConfigureAwait(false);
            Print(report, manifest, made, folder, parsed.GetValue(json), parsed.InvocationConfiguration.Output);

            (LanguageImportReport, SnapshotManifest, IReadOnlyList<PreambleReport>) Import()
            {
                using SnapshotDraft draft = SnapshotDraft.Begin(folder);
                LanguageImportReport report = LanguageImporter.Import(parsed.GetValue(path)!, draft.Folder, options,
                    Tell, cancel);
                Tell("sealing");
                SnapshotManifest manifest = LanguageSealer.Seal(draft.Folder, label, others,
                    new Dictionary<string, ReadOnlyMemory<byte>>());
                IReadOnlyList<PreambleReport> preambles = [];
                if (samples.Count > 0)
                {
                    (manifest, preambles) = PreambleMaker.Make(SnapshotStore.Default.Find(draft.Folder), draft.Folder,
                        label, samples, Tell, cancel);
                }

                draft.Commit(SnapshotDraft.ImportedNames);
                return (report, manifest, preambles);
            }

            void Tell(string what)
            {
                Volatile.Write(ref doing, what);
            }
        });
        return import;
    }

    // Before the import, which may take minutes.
    private static void Check(string label, SnapshotFiles mixing, IReadOnlyList<PreambleSample> samples)
    {
        try
        {
            LanguageSealer.Check(label, mixing, samples.Select(sample => sample.Profile).OfType<string>());
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static void Print(LanguageImportReport report, SnapshotManifest manifest,
        IReadOnlyList<PreambleReport> preambles, string folder, bool json, TextWriter output) =>
        SnapshotFacts.Print(
            json,
            output,
            preambles,
            ("name", manifest.Name.ToString()),
            ("label", manifest.Label),
            ("folder", folder),
            ("model", Text($"{report.Family}, {report.Layers} layers of width {report.Width}, {report.Tokens} tokens")),
            ("window", report.Window),
            ("size", report.NetworkBytes),
            ("float", Math.Round(report.FloatBitsPerByte, 4)),
            ("exact", Math.Round(report.ExactBitsPerByte, 4)),
            ("coded", Math.Round(report.CodedBitsPerByte, 4)));

    private static byte[] Read(string path)
    {
        byte[] text = path.EndsWith(".xz", StringComparison.Ordinal) ? XzFile.Read(path) : File.ReadAllBytes(path);
        return text.Length > 0 ? text : throw new UsageException($"'{path}' is empty.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
