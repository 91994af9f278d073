using System.Globalization;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Mixed;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// <c>snapshot train</c>: a folder of messages becomes a snapshot that restores them; what cannot be is one line.
/// </summary>
public sealed class SnapshotTrainTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trained_snapshot_restores_messages_and_is_the_same_with_other_threads(bool hasNetwork)
    {
        string messages = await WriteMessages();
        string network = Path.Combine(TestSnapshots.Tiny, "model.onnx");
        string[] networks = hasNetwork ? ["--network", network] : [];
        string one = Path.Combine(_folder, "one");
        string two = Path.Combine(_folder, "two");
        CommandRun sealedAtOnce = await CommandRun.ToolAsync(
            ["snapshot", "train", "--data", _folder, "--out", one, "--label", "mine", "--threads", "1", .. networks]);
        Assert.True(sealedAtOnce.Exit == 0, sealedAtOnce.Error);
        CommandRun trained = await CommandRun.ToolAsync(
            ["snapshot", "train", "--data", _folder, "--out", two, "--threads", "2", .. networks]);
        Assert.Contains($"next: linkcodec snapshot seal {two}", trained.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(two, "manifest.msgpack")));
        CommandRun laterSealed = await CommandRun.ToolAsync("snapshot", "seal", two, "--label", "mine");
        Assert.Equal(0, laterSealed.Exit);
        Assert.Equal(hasNetwork, File.Exists(Path.Combine(one, "network-0.onnx")));
        Assert.True(File.Exists(Path.Combine(one, "zstd-dictionary.bin")));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(one, "manifest.msgpack")),
            await File.ReadAllBytesAsync(Path.Combine(two, "manifest.msgpack")));

        string packed = Path.Combine(_folder, "packed");
        string restored = Path.Combine(_folder, "restored");
        Assert.Equal(0, (await CommandRun.ToolAsync("pack", messages, "-o", packed, "--snapshot", one)).Exit);
        Assert.Equal(0, (await CommandRun.ToolAsync("unpack", packed, "-o", restored, "--snapshot", two)).Exit);
        Assert.Equal(await File.ReadAllBytesAsync(messages), await File.ReadAllBytesAsync(restored));
        Assert.True(new FileInfo(packed).Length * 2 < new FileInfo(messages).Length);
    }

    [Fact]
    public async Task An_older_model_in_the_folder_is_replaced()
    {
        await WriteMessages();
        string model = Path.Combine(_folder, "model");
        Directory.CreateDirectory(model);
        foreach (string name in (string[])["network-0.onnx", "network-3.onnx", "weights-table.bin", "dictionary.bin",
            "manifest.msgpack", "notes", "zstd-dictionary.bin"])
        {
            await File.WriteAllTextAsync(Path.Combine(model, name), "old");
        }

        string recipe = Path.Combine(_folder, "recipe.json");
        await File.WriteAllTextAsync(recipe,
            """{"profiles": [{"name": "all", "files": ["*"]}], "sampleKilobytes": 2, "runKilobytes": 2}""");
        CommandRun run = await CommandRun.ToolAsync("snapshot", "train", "--data", _folder, "--out", model,
            "--profiles", recipe);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(["context-mixing.bin", "notes"], Directory.EnumerateFiles(model).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_zstd_dictionary_alone_goes_to_a_model_that_is_there()
    {
        await WriteMessages();
        string model = Path.Combine(_folder, "model");
        TestMixing.Seal(model, networks: 0);
        CommandRun run = await CommandRun.ToolAsync("snapshot", "dictionary", "--data", _folder, "--out", model);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains($"next: linkcodec snapshot seal {model}", run.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.ToolAsync("snapshot", "seal", model, "--label", "mine")).Exit);
        CommandRun shown = await CommandRun.ToolAsync("snapshot", "show", model);
        Assert.Contains("zstd-dictionary.bin (", shown.Text, StringComparison.Ordinal);

        string recipe = Path.Combine(_folder, "recipe.json");
        await File.WriteAllTextAsync(recipe, """{"profiles": [{"name": "all", "files": ["*"]}]}""");
        CommandRun refused = await CommandRun.ToolAsync("snapshot", "dictionary", "--data", _folder, "--out", model,
            "--profiles", recipe);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("takes no messages", refused.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_trained_is_one_line()
    {
        string empty = Path.Combine(_folder, "empty");
        Directory.CreateDirectory(Path.Combine(empty, "train"));
        await Refuses(1, "has no messages", empty);
        await Refuses(1, "is no folder", Path.Combine(_folder, "nowhere"));

        await WriteMessages();
        string recipe = Path.Combine(_folder, "recipe.json");
        await Refuses(1, "recipe.json", _folder, "--profiles", recipe);
        await File.WriteAllTextAsync(recipe, """{"profiles": [{"name": "x", "files": ["nothing"]}]}""");
        await Refuses(2, "nothing to learn from", _folder, "--profiles", recipe);
        await File.WriteAllTextAsync(recipe, """{"profiles": [{"name": "x", "network": 1, "files": ["*"]}]}""");
        await Refuses(2, "'x' names network 1, but only 0 were given", _folder, "--profiles", recipe);
        await File.WriteAllTextAsync(recipe, """{"profiles": 7}""");
        await Refuses(2, "recipe.json: profiles: expected a list, found 7", _folder, "--profiles", recipe);
        await Refuses(1, "no-such.onnx", _folder, "--network", Path.Combine(_folder, "no-such.onnx"));
        await Refuses(1, "words.txt", _folder, "--network", Path.Combine(_folder, "train", "words.txt"),
            "--weights-table", Path.Combine(TestSnapshots.Tiny, "weights-table.bin"));
        await Refuses(2, "--threads", _folder, "--threads", "-1");

        await File.WriteAllBytesAsync(Path.Combine(_folder, "train", "broken.lp"), [9, 0, 0, 0, 1]);
        await Refuses(1, "record at byte 0 is cut off", _folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "train", "broken.lp.xz"), "no");
        File.Delete(Path.Combine(_folder, "train", "broken.lp"));
        await Refuses(1, "broken.lp.xz", _folder);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    private async Task Refuses(int exit, string says, string data, params string[] more)
    {
        CommandRun run = await CommandRun.ToolAsync(
            ["snapshot", "train", "--data", data, "--out", Path.Combine(_folder, "out"), .. more]);
        Assert.Contains(says, run.ErrorLine, StringComparison.Ordinal);
        Assert.Equal(exit, run.Exit);
    }

    /// <summary>Writes train/words.txt and a file of other messages of the kind, whose path comes back.</summary>
    private async Task<string> WriteMessages()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "train"));
        await File.WriteAllLinesAsync(Path.Combine(_folder, "train", "words.txt"),
            Enumerable.Range(0, 700).Select(Line));
        string others = Path.Combine(_folder, "others.txt");
        await File.WriteAllLinesAsync(others, Enumerable.Range(5000, 60).Select(Line));
        return others;
    }

    private static string Line(int i) =>
        string.Create(CultureInfo.InvariantCulture, $"buoy {i % 9} reports depth {i * 37 % 101}.{i * 7 % 10} m, "
            + $"current {i * 13 % 8} knots, all {(i % 5 == 0 ? "sensors" : "well")}");
}
