using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>The receiver's folder of messages over several sessions.</summary>
public sealed class MessageFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_session_overwrites_nothing_and_its_numbers_go_on()
    {
        CommandRun run = await CommandRun.BashAsync(
            $"cd {_folder} && for p in 'a b c' d e; do printf '%s\\n' $p | $S --to file:x --snapshot none "
                + "--published-keys 2>/dev/null && $R --listen file:x --published-keys --output got --json; done");
        Assert.True(run.Exit == 0, run.Error);
        string[] files = [.. Directory.GetFiles(Path.Combine(_folder, "got")).Order(StringComparer.Ordinal)];
        Assert.Equal(["message-00000000", "message-00000001", "message-00000002", "message-00000003",
            "message-00000004"], files.Select(Path.GetFileName));
        Assert.Equal(["a", "b", "c", "d", "e"], files.Select(File.ReadAllText));
        Assert.Contains("numbering goes on at message-00000003", run.Error, StringComparison.Ordinal);
    }
}
