using System.Text.Json;
using LinkCodec.Simulator.Cli;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class CommandTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("scenarios --help")]
    [InlineData("scenarios list --help")]
    [InlineData("scenarios show --help")]
    [InlineData("proxy --help")]
    [InlineData("run --help")]
    public async Task Help_has_an_example(string line)
    {
        (int code, string output, string error) = await RunAsync(line);

        Assert.Equal(0, code);
        Assert.Contains("Example:", output, StringComparison.Ordinal);
        Assert.Contains("  linkcodec-simulator ", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fly")]
    [InlineData("scenarios")]
    [InlineData("scenarios show")]
    [InlineData("scenarios show no-such-link")]
    [InlineData("proxy --listen udp://127.0.0.1:0 --forward udp://127.0.0.1:9")]
    [InlineData("proxy --listen file:x --forward udp://127.0.0.1:9 --scenario demo")]
    [InlineData("proxy --listen udp://127.0.0.1:0 --forward udp://127.0.0.1:9 --scenario demo --duration 0")]
    [InlineData("proxy --listen udp://127.0.0.1:0 --forward udp://127.0.0.1:9 --scenario demo --seed -1")]
    [InlineData("run --scenario demo")]
    [InlineData("run --scenario no-such-link --input x")]
    [InlineData("run --scenario demo --input x --messages words")]
    [InlineData("run --scenario demo --input x --seeds 0")]
    [InlineData("run --scenario demo --input x --duration 0")]
    [InlineData("run --scenario demo --input x --interval -1")]
    public async Task Wrong_usage_is_one_line_and_code_2(string line)
    {
        (int code, string output, string error) = await RunAsync(line);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failure_is_one_line_and_code_1()
    {
        (int code, string output, string error) = await RunAsync(
            "proxy --listen udp://192.0.2.1:9 --forward udp://127.0.0.1:9 --scenario demo");

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith("error: cannot open udp://192.0.2.1:9: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_object_and_stopping_is_success()
    {
        (int listed, string list, _) = await RunAsync("scenarios list --json");
        (int proxied, string figures, _) = await RunAsync(
            "proxy --listen udp://127.0.0.1:0 --forward udp://127.0.0.1:9 --scenario one-way --json --duration 0.05");

        Assert.Equal(0, listed);
        Assert.Contains("demo", JsonDocument.Parse(list).RootElement.GetProperty("scenarios").EnumerateArray()
            .Select(s => s.GetProperty("name").GetString()));
        Assert.Equal(0, proxied);
        JsonElement root = JsonDocument.Parse(figures).RootElement;
        Assert.Equal(0, root.GetProperty("forward").GetProperty("datagrams_sent").GetInt64());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("return").ValueKind);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string line)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = await SimulatorCommands.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            output, error);
        return (code, output.ToString(), error.ToString());
    }
}
