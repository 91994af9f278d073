using System.Text.Json;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>The snapshot that a name means, and the one that an archive names.</summary>
public sealed class ArchiveSnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public ArchiveSnapshotTests() => File.WriteAllText(Path.Combine(_folder, "in"), "one\ntwo\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("$T unpack x -o -")]
    [InlineData("$T unpack - -o - <x")]
    [InlineData("$T unpack x -o - --snapshot mixed-1")]
    [InlineData("$R --listen file:x --published-keys")]
    public async Task An_installed_snapshot_is_found_by_the_name_in_the_archive(string unpack)
    {
        CommandRun run = await RunAsync($"$T pack in -o x --snapshot flight-1 >&2 && {unpack}");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("one\ntwo\n", run.Text);
    }

    [Fact]
    public async Task A_snapshot_that_is_not_installed_is_named()
    {
        CommandRun run = await RunAsync($"$T pack in -o x --snapshot {TestSnapshots.Tiny} >&2; $T unpack x -o y");
        Assert.Equal(1, run.Exit);
        Assert.Contains("which is not installed here", run.Error, StringComparison.Ordinal);
        run = await RunAsync($"$T unpack x -o - --snapshot {TestSnapshots.Tiny}");
        Assert.Equal("one\ntwo\n", run.Text);
    }

    [Fact]
    public async Task A_bare_name_is_a_label_and_never_a_folder()
    {
        CommandRun run = await RunAsync(
            $"cp -r {TestSnapshots.Find("models/snapshots/flight-1")} mixed-1; cp -r mixed-1 mine; $T snapshot show "
                + "mixed-1 --json; $T snapshot show ./mixed-1 --json; $T snapshot show mine");
        string[] lines = run.Text.Trim().Split('\n');
        JsonElement label = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal("mixed-1", label.GetProperty("label").GetString());
        Assert.Equal("flight-1", JsonDocument.Parse(lines[1]).RootElement.GetProperty("label").GetString());
        Assert.Contains("meant by './mine'", run.ErrorLine, StringComparison.Ordinal);
        Assert.Equal((JsonValueKind.Number, JsonValueKind.Number),
            (label.GetProperty("alphabet").ValueKind, label.GetProperty("frequency_bits").ValueKind));
    }

    private Task<CommandRun> RunAsync(string line) => CommandRun.BashAsync($"cd {_folder} && {line}");
}
