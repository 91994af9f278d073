using LinkCodec.Models;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// Snapshots that are not what they should be: one line that says what to do, before a byte is coded.
/// </summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("altered", "model.onnx")]
    [InlineData("truncated", "model.onnx")]
    [InlineData("missing", "model.onnx")]
    [InlineData("altered", "weights-table.bin")]
    [InlineData("altered", "manifest.msgpack")]
    public async Task A_snapshot_that_was_touched_is_refused(string damage, string file)
    {
        string copy = CopyBuiltIn("bytes-1");
        string path = Path.Combine(copy, file);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 4;
        if (damage == "missing")
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllBytesAsync(path, damage == "altered" ? bytes : bytes[..(bytes.Length / 2)]);
        }

        CommandRun run = await PackWith("bytes-1");
        Assert.True(run.Exit == 1, $"exit {run.Exit}: {run.Error}");
        Assert.Contains(copy, run.ErrorLine, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "packed")),
            "nothing is written before the snapshot is known to be good");
    }

    [Fact]
    public async Task A_copy_that_nobody_touched_works_from_the_folder_that_the_environment_names()
    {
        CopyBuiltIn("copied");
        CommandRun run = await PackWith("bytes-1");
        Assert.Equal((0, ""), (run.Exit, run.Error));
    }

    [Fact]
    public async Task A_snapshot_that_is_nowhere_is_one_line_that_names_the_places()
    {
        CommandRun run = await PackWith("no-such-snapshot");
        Assert.Equal(1, run.Exit);
        Assert.Contains("no-such-snapshot", run.ErrorLine, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder, "store"), run.ErrorLine, StringComparison.Ordinal);
    }

    private async Task<CommandRun> PackWith(string snapshot)
    {
        string input = Path.Combine(_folder, "in");
        await File.WriteAllTextAsync(input, "x\n");
        Dictionary<string, string> environment = new()
        {
            [SnapshotStore.FoldersVariable] = Path.Combine(_folder, "store"),
        };
        return await CommandRun.StartTool(environment, "pack", input, "-o", Path.Combine(_folder, "packed"),
            "--snapshot", snapshot).FinishAsync();
    }

    private string CopyBuiltIn(string name)
    {
        string target = Path.Combine(_folder, "store", name);
        TestSnapshots.Copy(TestSnapshots.BuiltIn, target);
        return target;
    }
}
