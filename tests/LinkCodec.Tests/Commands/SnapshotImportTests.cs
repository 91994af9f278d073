using System.Text.Json;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Language.Tokenization;
using LinkCodec.Tests.ModelBuilder.Import;
using LinkCodec.Tests.ModelBuilder.ModelFiles;
using LinkCodec.Tests.ModelBuilder.Tokenizers;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// <c>snapshot import</c>: the files of a small language model become a snapshot that restores messages; what cannot be
/// is one line, at once.
/// </summary>
public sealed class SnapshotImportTests : IDisposable
{
    private static readonly VocabularyData Vocabulary = TinyVocabulary.ByteLevel();
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    private string Model => Path.Combine(_folder, "model");

    private string Snapshot => Path.Combine(_folder, "tiny");

    private string Samples => Path.Combine(_folder, "samples");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("llama")] // a GGUF file
    [InlineData("qwen2")] // a folder
    public async Task An_imported_snapshot_is_shown_verified_and_restores_every_kind_of_message(string family)
    {
        WriteModel(family);
        WriteSamples();
        JsonElement printed = await Json("snapshot", "import", Model, "--name", "tiny", "-o", Snapshot, "--window",
            "64", "--preamble", $"json={Samples}", "--preamble", $"prose={Samples}", "--json");
        Assert.Equal(("tiny", 64),
            (printed.GetProperty("label").GetString(), printed.GetProperty("window").GetInt32()));
        Assert.StartsWith($"{family}, 2 layers of width 32, {Vocabulary.Tokens.Count} tokens",
            printed.GetProperty("model").GetString(), StringComparison.Ordinal);
        bool[] kept = [.. printed.GetProperty("preambles").EnumerateArray()
            .Select(one => one.GetProperty("kept").GetBoolean())];
        Assert.Equal(2, kept.Length);
        string[] preambles = kept.Contains(true) ? ["preambles.bin"] : [];
        Assert.Equal(
            ["context-mixing.bin", "language.bin", "manifest.msgpack", "network-0.onnx", "network-1.onnx", .. preambles,
                "tokenizer.bin", "weights-table.bin", "zstd-dictionary.bin"],
            Directory.EnumerateFiles(Snapshot).Select(Path.GetFileName).Where(file => file != "dictionary.bin")
                .Order(StringComparer.Ordinal));

        JsonElement shown = await Json("snapshot", "show", Snapshot, "--json");
        Assert.Equal((printed.GetProperty("name").GetString(), "language"),
            (shown.GetProperty("name").GetString(), shown.GetProperty("family").GetString()));
        Assert.StartsWith(
            $"{Vocabulary.Tokens.Count} tokens, a window of 64 of which 16 go on, a context of 32; ",
            shown.GetProperty("networks").GetString());
        JsonElement verified = await Json("snapshot", "verify", Snapshot, "--json");
        Assert.Equal(shown.GetProperty("fingerprint").GetString(), verified.GetProperty("fingerprint").GetString());

        string messages = Path.Combine(_folder, "messages");
        string packed = Path.Combine(_folder, "packed");
        string restored = Path.Combine(_folder, "restored");
        await File.WriteAllBytesAsync(messages, Messages());
        foreach ((string context, bool isCold) in ((string, bool)[])[("cold", true), ("acked", false)])
        {
            JsonElement figures = await Json("pack", messages, "-o", packed, "--snapshot", Snapshot, "--context",
                context, "--json");
            Assert.Equal(isCold, figures.GetProperty("context").GetString() == "cold");
            await Json("unpack", packed, "-o", restored, "--snapshot", Snapshot, "--json");
            Assert.Equal(await File.ReadAllBytesAsync(messages), await File.ReadAllBytesAsync(restored));
        }
    }

    [Fact]
    public async Task Preambles_are_added_to_an_imported_snapshot_without_its_weights_being_read_anew()
    {
        WriteModel("llama");
        WriteSamples();
        await Json("snapshot", "import", Model, "--name", "tiny", "-o", Snapshot, "--window", "64", "--json");
        string with = Path.Combine(_folder, "with");
        JsonElement printed = await Json("snapshot", "preamble", Snapshot, $"log={Samples}", Samples, "--name",
            "tiny-with", "-o", with, "--json");
        Assert.Equal(("tiny-with", with),
            (printed.GetProperty("label").GetString(), printed.GetProperty("folder").GetString()));
        Assert.Contains("log",
            printed.GetProperty("preambles").EnumerateArray().Select(one => one.GetProperty("profile").GetString()));
        await Json("snapshot", "verify", with, "--json");
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Snapshot, "language.bin")),
            await File.ReadAllBytesAsync(Path.Combine(with, "language.bin")));

        await RefusesPreamble(2, "no profile 'jsno'", Snapshot, $"jsno={Samples}");
        await RefusesPreamble(2, "family 'mixed'", "flight-1", Samples);
        await RefusesPreamble(1, "no-such-file", Snapshot, "log=no-such-file");
        await RefusesPreamble(1, "no-such-snapshot", "no-such-snapshot", Samples);

        async Task RefusesPreamble(int exit, string says, params string[] arguments)
        {
            CommandRun run = await CommandRun.ToolAsync(
                ["snapshot", "preamble", .. arguments, "--name", "refused", "-o", Path.Combine(_folder, "refused")]);
            Assert.Contains(says, run.ErrorLine, StringComparison.Ordinal);
            Assert.Equal((exit, ""), (run.Exit, run.Text));
            Assert.False(Directory.Exists(Path.Combine(_folder, "refused")), says);
        }
    }

    [Fact]
    public async Task What_cannot_be_imported_is_one_line_and_nothing_is_written()
    {
        WriteModel("llama");
        WriteSamples();
        await File.WriteAllBytesAsync(Path.Combine(_folder, "empty"), []);
        await Refuses(2, "--window", Model, "--window", "15");
        await Refuses(2, "--window", Model, "--window", "8193");
        await Refuses(2, "must not be empty", Model, "--name", "");
        await Refuses(2, "label of 65 bytes", Model, "--name", new string('x', 65));
        await Refuses(2, "[PROFILE=]FILE", Model, "--preamble", $"={Samples}");
        await Refuses(2, "no profile 'jsno'; it has prose,", Model, "--preamble", $"jsno={Samples}");
        await Refuses(2, "has 0 messages", Model, "--preamble", $"json={Path.Combine(_folder, "empty")}");
        await Refuses(1, "no-such-samples", Model, "--preamble", $"json={Path.Combine(_folder, "no-such-samples")}");
        await Refuses(1, "no-such-snapshot", Model, "--context-mixing", "no-such-snapshot");
        await Refuses(2, "'bytes-1' is not a snapshot of context mixing", Model, "--context-mixing",
            TestSnapshots.Find("models/snapshots/bytes-1"));
        await Refuses(1, "no-such.gguf", Path.Combine(_folder, "no-such.gguf"));
        await Refuses(1, "tokenizer.json", SafetensorsWithoutTokenizer());

        byte[] whole = await File.ReadAllBytesAsync(Model);
        await RefusesFile("cut.gguf", whole[..(whole.Length / 2)], "cut.gguf");
        await RefusesFile("head.gguf", whole[..20], "head.gguf");
        await RefusesFile("gemma.gguf",
            Gguf(new Dictionary<string, object> { ["general.architecture"] = "gemma" }), "'gemma'");
        await RefusesFile("unigram.gguf",
            Gguf(new Dictionary<string, object> { ["tokenizer.ggml.model"] = "t5" }), "'t5'");
        await RefusesFile("short.gguf", Gguf(new Dictionary<string, object> { ["llama.context_length"] = 8u }),
            "at least 16 positions, found 8");
        await RefusesFile("mute.gguf", TinyModelFiles.Gguf(new TinyModel("llama")), "expected a tokenizer");

        async Task RefusesFile(string name, byte[] content, string says)
        {
            string path = Path.Combine(_folder, name);
            await File.WriteAllBytesAsync(path, content);
            await Refuses(1, says, path);
        }
    }

    private async Task Refuses(int exit, string says, string model, params string[] more)
    {
        string[] name = more is ["--name", ..] ? [] : ["--name", "tiny"];
        CommandRun run = await CommandRun.ToolAsync(["snapshot", "import", model, "-o", Snapshot, .. name, .. more]);
        Assert.Contains(says, run.ErrorLine, StringComparison.Ordinal);
        Assert.StartsWith("error: ", run.ErrorLine, StringComparison.Ordinal);
        Assert.Equal((exit, ""), (run.Exit, run.Text));
        Assert.False(Directory.Exists(Snapshot), says);
    }

    private void WriteModel(string family)
    {
        if (family == "llama")
        {
            File.WriteAllBytes(Model, Gguf([]));
            return;
        }

        TinyModelFiles.WriteSafetensors(new TinyModel(family) { Vocabulary = Vocabulary.Tokens.Count }, Model, "BF16");
        File.WriteAllText(Path.Combine(Model, "tokenizer.json"), TinyTokenizer.Json(Vocabulary));
    }

    private void WriteSamples() =>
        File.WriteAllBytes(Samples, [.. Enumerable.Range(3, 20).SelectMany(words => TinyImport.Text(words)
            .Where(b => b is not ((byte)'\r' or (byte)'\n')).Append((byte)'\n'))]);

    private static byte[] Gguf(Dictionary<string, object> changed)
    {
        Dictionary<string, object> added = TinyTokenizer.Gguf(Vocabulary);
        foreach ((string key, object value) in changed)
        {
            added[key] = value;
        }

        return TinyModelFiles.Gguf(new TinyModel("llama") { Vocabulary = Vocabulary.Tokens.Count }, added: added);
    }

    private string SafetensorsWithoutTokenizer()
    {
        string folder = Path.Combine(_folder, "mute");
        TinyModelFiles.WriteSafetensors(new TinyModel("qwen2"), folder);
        return folder;
    }

    /// <summary>
    /// Lines of text, some longer than the window, of JSON, of random bytes and of what is nearly UTF-8; the last one
    /// is open.
    /// </summary>
    private static byte[] Messages()
    {
        List<byte[]> lines = [.. Enumerable.Range(1, 10).Select(i => TinyImport.Text(i * i))];
        lines.AddRange(Enumerable.Range(0, 5)
            .Select(i => JsonSerializer.SerializeToUtf8Bytes(new { id = i, word = "hello world", t = i * 7 })));
        lines.AddRange(Enumerable.Range(0, 5).Select(i => new TestRandom((ulong)i).Bytes(i * 40)));
        lines.Add([.. "hello "u8, 0xFF, 0xFE, .. " world the"u8, 0xC3]);
        lines.Add([0xED, 0xA0, 0x80, .. " the world<|endoftext|><tag>"u8, 0xF4, 0x90, 0x80, 0x80, 0]);
        lines.Add([]);
        return [.. lines.SelectMany(line => line.Append((byte)'\n')), .. " the open world"u8];
    }

    private static async Task<JsonElement> Json(params string[] arguments)
    {
        CommandRun run = await CommandRun.ToolAsync(arguments);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        return JsonDocument.Parse(run.Text).RootElement;
    }
}
