using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Mixed;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary><c>snapshot seal</c>, and what the other commands say of a sealed folder.</summary>
public sealed class SnapshotSealTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("linkcodec").FullName, "mine");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task A_sealed_folder_is_shown_verified_and_has_the_fingerprint_that_was_printed()
    {
        TestMixing.WriteFiles(_folder, 2);
        JsonElement printed = await Json("snapshot", "seal", _folder, "--label", "mine-1", "--json");
        Assert.Equal(("mine-1", "mixed"),
            (printed.GetProperty("label").GetString(), printed.GetProperty("family").GetString()));
        string fingerprint = printed.GetProperty("fingerprint").GetString()!;

        CommandRun shown = await CommandRun.ToolAsync("snapshot", "show", _folder);
        Assert.Contains(printed.GetProperty("name").GetString()!, shown.Text, StringComparison.Ordinal);
        Assert.Matches(@"\nnetworks +6 states of 16, 64 streams together; \d+ states of \d+, 64 streams together\n",
            shown.Text);
        Assert.Matches(@"\ncontext_mixing +\d+ bytes, a dictionary of \d+ bytes\n", shown.Text);

        CommandRun verified = await CommandRun.ToolAsync("snapshot", "verify", _folder);
        Assert.Contains("mixed, 2 networks", verified.Text, StringComparison.Ordinal);
        Assert.Equal(fingerprint, (await CommandRun.ToolAsync("snapshot", "fingerprint", _folder)).Text.Trim());
    }

    [Fact]
    public async Task A_probe_may_be_given()
    {
        TestMixing.WriteFiles(_folder, 0, hasDictionary: false);
        string probe = Path.Combine(_folder, "probe");
        await File.WriteAllTextAsync(probe, "one\u001etwo");
        JsonElement printed = await Json("snapshot", "seal", _folder, "--label", "x", "--probe", probe, "--json");
        Assert.Equal("none", printed.GetProperty("networks").GetString());
        Assert.EndsWith("bytes, no dictionary", printed.GetProperty("context_mixing").GetString(),
            StringComparison.Ordinal);
        Assert.True(SnapshotManifest.TryRead(await File.ReadAllBytesAsync(Path.Combine(_folder, "manifest.msgpack")),
            out SnapshotManifest? manifest, out LinkErrorCode _));
        Assert.Equal("one\u001etwo"u8.ToArray(), manifest.Probe.ToArray());

        await File.WriteAllBytesAsync(probe, new byte[4_097]);
        CommandRun refused = await CommandRun.ToolAsync("snapshot", "seal", _folder, "--label", "x", "--probe", probe);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("4096", refused.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "context-mixing.bin: expected a file, found none", "--label", "x")]
    [InlineData(2, "--label")]
    public async Task What_cannot_be_sealed_is_one_line(int exit, string says, params string[] label)
    {
        CommandRun run = await CommandRun.ToolAsync(["snapshot", "seal", TestSnapshots.Tiny, .. label]);
        Assert.Equal(exit, run.Exit);
        Assert.Contains(says, run.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_that_the_spec_forbids_is_wrong_usage()
    {
        TestMixing.WriteFiles(_folder, 0);
        CommandRun run = await CommandRun.ToolAsync("snapshot", "seal", _folder, "--label", new string('x', 65));
        Assert.Equal(2, run.Exit);
        Assert.Contains("label of 65 bytes", run.ErrorLine, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Json(params string[] arguments)
    {
        CommandRun run = await CommandRun.ToolAsync(arguments);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        return JsonDocument.Parse(run.Text).RootElement;
    }
}
