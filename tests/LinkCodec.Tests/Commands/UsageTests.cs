using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>Exit code 2 and one line for what cannot be meant; help with an example.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("pack")]
    [InlineData("pack x")]
    [InlineData("pack x -o y --messages words")]
    [InlineData("pack x -o y --kind film")]
    [InlineData("pack x -o y --kind samples")]
    [InlineData("pack x -o y --samples s16le")]
    [InlineData("pack x -o y --kind samples --samples s12")]
    [InlineData("compare x --kind samples --samples u8,4x4")]
    [InlineData("pack x -o y --context warm")]
    [InlineData("pack x -o y --mtu 20")]
    [InlineData("pack x -o y --device gpu")]
    [InlineData("unpack x -o y --device cuda:64")]
    [InlineData("pack x -o y --mtu many")]
    [InlineData("pack x -o y --nonsense")]
    [InlineData("pack x -o y --threads -1")]
    [InlineData("pack x -o y --threads 99999999999")]
    [InlineData("unpack x -o y --threads -1")]
    [InlineData("compare x --threads 257")]
    [InlineData("compare x --mtu -5")]
    [InlineData("snapshot train --data x --out y --threads -1")]
    [InlineData("snapshot import x --name y --window -1")]
    [InlineData("frobnicate")]
    [InlineData("keygen")]
    public async Task Wrong_usage_of_the_tool_is_one_line_and_2(string arguments)
    {
        CommandRun run = await CommandRun.ToolAsync(arguments.Split(' '));
        Assert.True(run.Exit == 2, $"exit {run.Exit}: {run.Error}");
        Assert.StartsWith("error: ", run.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData(true, "--to udp://127.0.0.1:1", "keygen")]
    [InlineData(true, "--to carrier-pigeon:home --identity a --peer b", "carrier-pigeon")]
    [InlineData(true, "--to udp://127.0.0.1:1 --identity /none --peer b --delivery maybe", "--delivery")]
    [InlineData(true, "--to file:x --published-keys --context warm", "--context")]
    [InlineData(true, "--to file:x --published-keys --kind film", "--kind")]
    [InlineData(false, "--listen udp://127.0.0.1:0", "keygen")]
    [InlineData(true, "--to udp://127.0.0.1:0 --identity a --peer b", "port 0")]
    [InlineData(true, "--to udp://127.0.0.1:9 --timeout NaN", "--timeout")]
    [InlineData(true, "--to udp://127.0.0.1:9 --timeout 1e999", "--timeout")]
    [InlineData(true, "--to udp://127.0.0.1:9 --timeout -1", "--timeout")]
    [InlineData(true, "--to udp://127.0.0.1:9 --delay NaN", "--delay")]
    [InlineData(true, "--to udp://127.0.0.1:9 --published-keys --profile moon", "--profile moon")]
    [InlineData(true, "--to udp://127.0.0.1:9 --rate -1", "--rate")]
    [InlineData(true, "--to udp://127.0.0.1:9 --rate 9999999999999999999999", "--rate")]
    [InlineData(true, "--to udp://127.0.0.1:9 --mtu 0", "--mtu")]
    [InlineData(true, "--to udp://127.0.0.1:9 --pad -1", "--pad")]
    [InlineData(true, "--to file:x --published-keys --pad 2000", "--pad")]
    [InlineData(true, "--to file:x", "--published-keys")]
    [InlineData(true, "--to udp://127.0.0.1:9 --one-way", "--published-keys")]
    [InlineData(true, "--to udp://127.0.0.1:9 --published-keys", "--one-way")]
    [InlineData(false, "--listen file:x", "--published-keys")]
    [InlineData(false, "--listen udp://127.0.0.1:0 --threads -1", "--threads")]
    [InlineData(false, "--listen udp://127.0.0.1:0 --delay -0.1", "--delay")]
    [InlineData(false, "", "--listen")]
    public async Task Wrong_usage_of_sender_and_receiver_names_what_is_missing(
        bool sender, string arguments, string names)
    {
        string[] split = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CommandRun run = await (sender ? CommandRun.StartSender(split) : CommandRun.StartReceiver(split)).FinishAsync();
        Assert.True(run.Exit == 2, $"exit {run.Exit}: {run.Error}");
        Assert.Contains(names, run.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("pack --help")]
    [InlineData("unpack --help")]
    [InlineData("keygen --help")]
    [InlineData("snapshot list --help")]
    public async Task Help_has_an_example(string arguments)
    {
        CommandRun run = await CommandRun.ToolAsync(arguments.Split(' '));
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("Example:\n  linkcodec ", run.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keygen_makes_a_pair_once()
    {
        string folder = Directory.CreateTempSubdirectory("linkcodec").FullName;
        CommandRun made = await CommandRun.ToolAsync("keygen", "-o", folder);
        Assert.Equal((0, ""), (made.Exit, made.Error));
        Assert.Equal(made.Text, await File.ReadAllTextAsync(Path.Combine(folder, LinkIdentity.PublicFile)));
        using LinkIdentity identity = LinkIdentity.Load(Path.Combine(folder, LinkIdentity.PrivateFile));
        Assert.Equal(identity.PublicKey.ToString(), made.Text.Trim());

        CommandRun again = await CommandRun.ToolAsync("keygen", "-o", folder);
        Assert.Equal(1, again.Exit);
        Assert.Contains("not overwritten", again.ErrorLine, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
