using System.Buffers.Binary;
using System.Text;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Tests.Language.Tokenization;
using LinkCodec.Tests.ModelBuilder.ModelFiles;
using LinkCodec.Tests.ModelBuilder.Tokenizers;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// <c>snapshot import</c> of files that are cut, oversized or made to harm: one line, no snapshot, and no more memory
/// than the limit that the process runs under.
/// </summary>
public sealed class HostileImportTests : IDisposable
{
    private const string MaxHeap = "6000000"; // hexadecimal: 96 MiB
    private static readonly VocabularyData Vocabulary = TinyVocabulary.ByteLevel();
    private static readonly Dictionary<string, string> Limits = new() { ["DOTNET_GCHeapHardLimit"] = MaxHeap };
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    private string Model => Path.Combine(_folder, "model");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("config.json", "{", "config.json: not JSON as expected")]
    [InlineData("config.json", "{\"model_type\":\"qwen2\",\"model_type\":\"qwen2\"}",
        "config.json: not JSON as expected")]
    [InlineData("tokenizer.json", "[", "tokenizer.json: it is no JSON")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}", "tokenizer.json: ")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":4000000000},\"merges\":[]}}",
        "tokenizer.json: ")]
    [InlineData("model.safetensors", "\u0002", "model.safetensors: ")]
    public Task A_spoilt_file_of_a_folder_is_refused(string file, string content, string says) =>
        Refuses(file, Encoding.UTF8.GetBytes(content), says);

    [Fact]
    public Task A_header_longer_than_any_is_refused()
    {
        byte[] header = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(header, 1UL << 60);
        return Refuses("model.safetensors", header, "whose header takes 2 to");
    }

    [Fact]
    public Task A_header_cut_short_is_refused()
    {
        byte[] header = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(header, 1 << 20);
        return Refuses("model.safetensors", header, "the file is cut short");
    }

    [Fact]
    public Task Json_that_is_nested_without_end_is_refused() =>
        Refuses("tokenizer.json", Encoding.ASCII.GetBytes(new string('[', 1 << 20)), "nested deeper");

    [Theory]
    [InlineData("config.json", "expected at most")]
    [InlineData("tokenizer.json", "more than")]
    public Task A_file_of_a_gigabyte_where_text_belongs_is_refused(string file, string says) =>
        Refuses(file, null, says);

    [Fact]
    public async Task Gguf_files_that_claim_more_than_they_hold_are_refused()
    {
        byte[] whole = TinyModelFiles.Gguf(new TinyModel("llama") { Vocabulary = Vocabulary.Tokens.Count },
            added: TinyTokenizer.Gguf(Vocabulary));
        byte[] tensors = [.. whole];
        BinaryPrimitives.WriteUInt64LittleEndian(tensors.AsSpan(8), ulong.MaxValue);
        await Refuses(tensors, "tensors: expected at most");
        byte[] values = [.. whole];
        BinaryPrimitives.WriteUInt64LittleEndian(values.AsSpan(16), 60_000);
        await Refuses(values, "cut short");
        await Refuses(With("tokenizer.ggml.token_type", (int[])[1, 2, 3]), "have 3 types");
        await Refuses(With("tokenizer.ggml.merges", (string[])["no such", "pair"]), "merge");
    }

    private static byte[] With(string key, object value)
    {
        Dictionary<string, object> added = TinyTokenizer.Gguf(Vocabulary);
        added[key] = value;
        return TinyModelFiles.Gguf(new TinyModel("llama") { Vocabulary = Vocabulary.Tokens.Count }, added: added);
    }

    private async Task Refuses(byte[] gguf, string says)
    {
        await File.WriteAllBytesAsync(Model, gguf);
        await Refuses(says);
    }

    // A file without content has a gigabyte of zeros, which no disk has to hold.
    private async Task Refuses(string file, byte[]? content, string says)
    {
        TinyModelFiles.WriteSafetensors(new TinyModel("qwen2") { Vocabulary = Vocabulary.Tokens.Count }, Model);
        await File.WriteAllTextAsync(Path.Combine(Model, "tokenizer.json"), TinyTokenizer.Json(Vocabulary));
        await File.WriteAllBytesAsync(Path.Combine(Model, file), content ?? []);
        if (content is null)
        {
            await using FileStream stream = File.OpenWrite(Path.Combine(Model, file));
            stream.SetLength(1L << 30);
        }

        await Refuses(says);
    }

    private async Task Refuses(string says)
    {
        string snapshot = Path.Combine(_folder, "tiny");
        CommandRun run = await CommandRun
            .StartTool(Limits, "snapshot", "import", Model, "--name", "tiny", "-o", snapshot).FinishAsync();
        Assert.Contains(says, run.ErrorLine, StringComparison.Ordinal);
        Assert.StartsWith("error: ", run.ErrorLine, StringComparison.Ordinal);
        Assert.Equal((1, ""), (run.Exit, run.Text));
        Assert.False(Directory.Exists(snapshot));
    }
}
