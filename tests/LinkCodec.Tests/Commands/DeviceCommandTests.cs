using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary><c>--device</c> of every command that loads a snapshot: never replaced by the CPU in silence.</summary>
public sealed class DeviceCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pack IN -o OUT --snapshot none --device cuda")]
    [InlineData("unpack IN -o OUT --device cuda:1")]
    [InlineData("compare IN --snapshot none --device cuda")]
    [InlineData("snapshot verify SNAPSHOT --device cuda")]
    [InlineData("sender --to file:OUT --published-keys --input IN --snapshot none --device cuda")]
    [InlineData("receiver --listen file:IN --published-keys --snapshot none --device cuda")]
    public async Task A_device_that_no_snapshot_can_use_is_one_line_and_1(string line)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "in"), "a message\n");
        string[] words = [.. line.Split(' ').Select(Named)];
        CommandRun run = words[0] switch
        {
            "sender" => await CommandRun.StartSender(words[1..]).FinishAsync(),
            "receiver" => await CommandRun.StartReceiver(words[1..]).FinishAsync(),
            _ => await CommandRun.ToolAsync(words),
        };
        Assert.Equal((1, ""), (run.Exit, run.Text));
        Assert.StartsWith("error: cuda:", run.ErrorLine, StringComparison.Ordinal);
        Assert.Contains("CPU", run.ErrorLine, StringComparison.Ordinal);
    }

    private string Named(string word) => word
        .Replace("IN", Path.Combine(_folder, "in"), StringComparison.Ordinal)
        .Replace("OUT", Path.Combine(_folder, "out"), StringComparison.Ordinal)
        .Replace("SNAPSHOT", TestSnapshots.Find("models/snapshots/mixed-1"), StringComparison.Ordinal);
}
