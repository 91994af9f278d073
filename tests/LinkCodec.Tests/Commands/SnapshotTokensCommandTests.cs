using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Language.Tokenization;
using LinkCodec.Tests.ModelBuilder.ModelFiles;
using LinkCodec.Tests.ModelBuilder.Tokenizers;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// <c>snapshot tokens</c>: what it writes spells the messages, and is what the snapshot's tokenizer cuts.
/// </summary>
public sealed class SnapshotTokensCommandTests : IDisposable
{
    private static readonly VocabularyData Vocabulary = TinyVocabulary.ByteLevel(missing: (byte)'z');
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    private string Snapshot => Path.Combine(_folder, "tiny");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tokens_stand_in_order_with_marks_between_messages_and_raw_bytes_apart()
    {
        string model = Path.Combine(_folder, "model");
        await File.WriteAllBytesAsync(model, TinyModelFiles.Gguf(
            new TinyModel("llama") { Vocabulary = Vocabulary.Tokens.Count }, added: TinyTokenizer.Gguf(Vocabulary)));
        CommandRun import = await CommandRun.ToolAsync("snapshot", "import", model, "--name", "tiny", "-o", Snapshot,
            "--window", "64");
        Assert.Equal((0, ""), (import.Exit, import.Error));

        string[] messages = ["hello world", "", "a <tag>", "zeal", "日本\u001e\n"];
        byte[] input = [.. messages.SelectMany(Prefixed)];
        (int[] written, JsonElement told) = await Run(input, "u32le");
        BytePairTokenizer codec = new(Vocabulary.ToTable());
        List<int> expected = [];
        foreach (string message in messages)
        {
            expected.AddRange(TinyVocabulary.Encode(codec, Encoding.UTF8.GetBytes(message))
                .Select(element => element >= 0 ? element : element - 1));
            expected.Add(-1);
        }

        Assert.Equal(expected.SkipLast(1), written);
        Assert.Contains(-2 - 'z', written);
        Assert.Equal((5, written.Length - 4, 0), (told.GetProperty("messages").GetInt32(),
            told.GetProperty("tokens").GetInt32(), told.GetProperty("begin_token").GetInt32()));

        (int[] lines, _) = await Run("hello\nhello\n"u8.ToArray(), "lines");
        (int[] one, _) = await Run("hello"u8.ToArray(), "whole");
        Assert.Equal([.. one, -1, .. one], lines);
    }

    [Fact]
    public async Task A_snapshot_without_tokens_and_a_layout_that_is_none_are_one_line_and_nothing_is_written()
    {
        string input = Path.Combine(_folder, "in");
        string output = Path.Combine(_folder, "out");
        await File.WriteAllTextAsync(input, "hello\n");
        CommandRun run = await CommandRun.ToolAsync("snapshot", "tokens", "bytes-1", input, "-o", output);
        Assert.Equal(1, run.Exit);
        Assert.Contains("has no tokens", run.ErrorLine, StringComparison.Ordinal);
        run = await CommandRun.ToolAsync("snapshot", "tokens", "bytes-1", input, "-o", output, "--messages", "words");
        Assert.Equal(2, run.Exit);
        Assert.Contains("--messages words", run.ErrorLine, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    private async Task<(int[] Elements, JsonElement Told)> Run(byte[] input, string messages)
    {
        string source = Path.Combine(_folder, "in");
        string target = Path.Combine(_folder, "out");
        await File.WriteAllBytesAsync(source, input);
        CommandRun run = await CommandRun.ToolAsync("snapshot", "tokens", Snapshot, source, "-o", target, "--messages",
            messages, "--json");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        byte[] bytes = await File.ReadAllBytesAsync(target);
        return ([.. bytes.Chunk(4).Select(four => BinaryPrimitives.ReadInt32LittleEndian(four))],
            JsonDocument.Parse(run.Text).RootElement);
    }

    private static IEnumerable<byte> Prefixed(string message)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        return [.. BitConverter.GetBytes(bytes.Length), .. bytes];
    }
}
