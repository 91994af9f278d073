using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.ModelBuilder.Tokenizers;
using Xunit;
using Xunit.Abstractions;

namespace LinkCodec.Tests.Language.Tokenization;

/// <summary>
/// The vocabulary of SmolLM2, 49,152 tokens, which is too large to commit. Expected ids come from a tokenizer written
/// for the purpose, which looks at every pair each time.
/// </summary>
public sealed class SmolVocabularyTests(ITestOutputHelper output)
{
    private const string Model = "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf";
    private const string Data = "data/dev";

    private static readonly Lazy<TokenTable> Table =
        new(() => GgufVocabulary.Read(SharedFactAttribute.Find(Model)!).ToTable());
    private static readonly Lazy<BytePairTokenizer> Tokenizer = new(() => new BytePairTokenizer(Table.Value));

    [SharedFact(Model)]
    public void Facts_of_the_vocabulary_hold()
    {
        Assert.Equal(49152, Tokenizer.Value.Count);
        Assert.Equal(0, Tokenizer.Value.BeginToken);
        Assert.Equal(PreTokenizerPattern.Gpt2Digits, Table.Value.Pattern);
        Assert.Equal(48900, Table.Value.Merges.Length);
        Assert.Equal(17, Table.Value.Kinds.Count(kind => kind == TokenType.Control));

        // These bytes have no token: seven that are rare in text, thirteen that never are in any, and F1 and F2, the
        // lead of characters that nobody uses.
        byte[] missing = [0x04, 0x06, 0x13, 0x14, 0x16, 0x1D, 0xC0, 0xC1, 0xF1, 0xF2, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9,
            0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF];
        Assert.Equal(missing.Select(b => (int)~b), Enumerable.Range(0, 256)
            .SelectMany(b => TinyVocabulary.Encode(Tokenizer.Value, [(byte)b])).Where(id => id < 0));
    }

    [SharedFact(Model)]
    public void Ids_are_those_of_the_model()
    {
        Same("Hello world, it's 2024!", 19556, 905, 28, 357, 506, 216, 34, 32, 34, 36, 17);
        Same("def f(x):\n    return x  12\t\t7", 1604, 275, 24, 104, 727, 472, 1003, 1792, 256, 33, 34, 1656, 39);
        Same("Ünïcode – 日本語 🚀 привет", 142, 246, 94, 25972, 4635, 816, 17097, 241, 115, 40993, 179, 120, 248, 15107,
            244, 218, 21985, 46879, 16464, 32547);
        Same("METAR EGLL 121350Z\n\n  \"a\": 3.14,\r\n", 25675, 2285, 414, 13743, 60, 216, 33, 34, 33, 35, 37, 32, 74,
            8866, 476, 81, 1799, 216, 35, 30, 33, 36, 28, 2738);
    }

    [SharedFact(Model, Data)]
    public void Ids_of_files_are_those_of_the_model()
    {
        // The first 60,000 bytes, less a character that they cut: tokens, and the start of the hash of their ids as 4
        // little-endian bytes each.
        SameFile("text/wikipedia-en.txt.xz", 14044, "97A5159E41911767");
        SameFile("weather/metar.txt.xz", 48932, "8813F5EBC2264DC6");
        SameFile("telemetry/logs.txt.xz", 32788, "7D24F6D4C938A7F1");
    }

    [SharedFact(Model, Data)]
    public void Every_development_file_comes_back()
    {
        List<int> tokens = [];
        foreach (string path in ((string[])["text", "weather", "telemetry"])
            .SelectMany(group => Directory.GetFiles(SharedFactAttribute.Find(Data + "/" + group)!, "*.xz")))
        {
            byte[] start = Start(path);
            tokens.Clear();
            Tokenizer.Value.Encode(start, tokens);
            Assert.True(start.AsSpan().SequenceEqual(TinyVocabulary.Join(Tokenizer.Value, tokens)), path);
            output.WriteLine($"{Path.GetFileName(path)}: {start.Length / (double)tokens.Count:f2} bytes a token, "
                + $"{tokens.Count(token => token < 0)} escapes");
        }
    }

    [SharedFact(Model)]
    public void The_file_comes_back()
    {
        byte[] file = TokenizerFile.Write(Table.Value);
        TokenTable read = TokenizerFile.Read(file, "tokenizer.bin");
        Assert.Equal(file, TokenizerFile.Write(read));
        output.WriteLine($"{file.Length} bytes");
        for (int i = 0; i < 5; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            BytePairTokenizer tokenizer = new(TokenizerFile.Read(file, "tokenizer.bin"));
            TimeSpan load = watch.Elapsed;
            TinyVocabulary.Encode(tokenizer, [.. "Hello"u8]);
            output.WriteLine(
                $"load {load.TotalMilliseconds:f1} ms, first message {(watch.Elapsed - load).TotalMilliseconds:f1} ms");
        }
    }

    [SharedFact(Model, Data)]
    public void A_megabyte_of_anything_comes_back()
    {
        byte[] text = Start(SharedFactAttribute.Find(Data + "/text/prose-books.txt.xz")!, 1 << 20);
        byte[] random = new byte[1 << 20];
        Core.Primitives.RandomSource.FromSeed(5).Fill(random);
        byte[] letters = [.. random.Select(value => (byte)('a' + (value % 26)))];
        foreach ((string name, byte[] message) in ((string, byte[])[])
            [("prose", text), ("random bytes", random), ("random letters", letters),
                ("base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(random))[..random.Length]),
                ("one letter", [.. letters.Select(_ => (byte)'a')])])
        {
            Stopwatch watch = Stopwatch.StartNew();
            List<int> tokens = TinyVocabulary.Encode(Tokenizer.Value, message);
            output.WriteLine($"{name}: {message.Length / 1e6 / watch.Elapsed.TotalSeconds:f2} MB/s, "
                + $"{message.Length / (double)tokens.Count:f2} bytes a token");
            Assert.True(message.AsSpan().SequenceEqual(TinyVocabulary.Join(Tokenizer.Value, tokens)), name);
        }
    }

    private static void Same(string text, params int[] ids) =>
        Assert.Equal(ids, TinyVocabulary.Encode(Tokenizer.Value, Encoding.UTF8.GetBytes(text)));

    private static void SameFile(string path, int count, string hash)
    {
        byte[] start = Start(SharedFactAttribute.Find(Data + "/" + path)!);
        List<int> tokens = TinyVocabulary.Encode(Tokenizer.Value, start[..WholeCharacters(start)]);
        Assert.Equal(count, tokens.Count);
        Assert.Equal(hash,
            Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(tokens))))[..16]);
    }

    private static int WholeCharacters(byte[] text)
    {
        int end = text.Length;
        while (!System.Text.Unicode.Utf8.IsValid(text.AsSpan(0, end)))
        {
            end--;
        }

        return end;
    }

    /// <summary>The first bytes of a packed file.</summary>
    internal static byte[] Start(string path, int length = 60_000)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("xz", ["--decompress", "--stdout", path]) { RedirectStandardOutput = true })!;
        using MemoryStream content = new();
        process.StandardOutput.BaseStream.CopyTo(content);
        process.WaitForExit();
        return content.ToArray()[..Math.Min(length, (int)content.Length)];
    }
}
