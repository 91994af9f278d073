using System.CommandLine;
using System.Globalization;
using LinkCodec.CommandLine;
using LinkCodec.Models.Language.Import;
using LinkCodec.Tool.Training;

namespace LinkCodec.Tool.Commands;

/// <summary><c>snapshot import</c>: from the files of a language model to those of a snapshot.</summary>
internal static class SnapshotImportCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> path = new("PATH") { Description = "A .gguf file, or a folder with config.json, *.safetensors and tokenizer.json: Llama, Mistral, SmolLM2, Qwen2, Qwen3, GPT-2." };
        Option<string> name = new("--name") { Description = "What people will call it; the folder's name where -o is not given.", Required = true };
        Option<string?> output = new("--out", "-o") { Description = "Folder to write the files into." };
        Option<string?> calibration = new("--calibration") { Description = "Text like what will be sent, some 10 KB; .xz too. Default: a built-in sample of many kinds." };
        Option<string[]> texts = new("--text") { Description = "Text to measure on, cut into messages of 500 bytes; .xz too; may be repeated. Default: the end of the calibration text." };
        Option<int> window = new("--window") { Description = "Tokens that the model looks back at most, 16 to 8192.", DefaultValueFactory = _ => 1024 };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command import = new("import", "Makes an exact network of a language model's files.") { path, name, output, calibration, texts, window, json };
        examples[import] = "linkcodec snapshot import SmolLM2-135M-Instruct.Q4_1.gguf --name smollm2";
        import.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(window) is < 16 or > 8192)
            {
                throw new UsageException("--window must be 16 to 8192");
            }

            string folder = parsed.GetValue(output) ?? parsed.GetValue(name)!;
            LanguageImportOptions options = new()
            {
                Window = parsed.GetValue(window),
                Calibration = parsed.GetValue(calibration) is { } file ? Read(file) : default,
                Texts = [.. (parsed.GetValue(texts) ?? []).Select(text => new ReadOnlyMemory<byte>(Read(text)))],
            };
            string doing = "";
            Task<LanguageImportReport> work = Task.Run(() => LanguageImporter.Import(parsed.GetValue(path)!, folder, options, what => Volatile.Write(ref doing, what), cancel), cancel);
            await ProgressLine.ShowWhileAsync(work, () => Volatile.Read(ref doing), parsed.InvocationConfiguration.Error, !Console.IsErrorRedirected).ConfigureAwait(false);
            Print(await work.ConfigureAwait(false), folder, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
        });
        return import;
    }

    private static void Print(LanguageImportReport report, string folder, bool json, TextWriter output) => SnapshotFacts.Print(
        json,
        output,
        ("folder", folder),
        ("model", Text($"{report.Family}, {report.Layers} layers of width {report.Width}, {report.Tokens} tokens")),
        ("window", Text($"{report.Window}")),
        ("size", Text($"{report.NetworkBytes}")),
        ("float", Text($"{report.FloatBitsPerByte:F4}")),
        ("exact", Text($"{report.ExactBitsPerByte:F4}")),
        ("coded", Text($"{report.CodedBitsPerByte:F4}")));

    private static byte[] Read(string path)
    {
        byte[] text = path.EndsWith(".xz", StringComparison.Ordinal) ? XzFile.Read(path) : File.ReadAllBytes(path);
        return text.Length > 0 ? text : throw new UsageException($"'{path}' is empty.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
