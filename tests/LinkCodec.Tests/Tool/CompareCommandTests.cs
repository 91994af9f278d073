using System.CommandLine;
using System.Text.Json;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Peers;
using LinkCodec.Tool.Commands;
using LinkCodec.Tool.Comparison;
using Xunit;

namespace LinkCodec.Tests.Tool;

public sealed class CompareCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public CompareCommandTests() => File.WriteAllLines(_file, Enumerable.Range(0, 300).Select(i => $"{{\"sensor\":{i % 7},\"value\":{i * 37 % 100}}}"));

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task The_same_framing_is_counted_for_all()
    {
        (int code, string output, _) = await RunAsync(_file, "--snapshot", "none", "--json");
        Assert.Equal(CommandHost.Success, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(300, report.GetProperty("messages").GetInt32());
        JsonElement[] codecs = [.. report.GetProperty("codecs").EnumerateArray()];
        Assert.Equal("raw", codecs[0].GetProperty("name").GetString());
        Assert.Equal("LinkCodec", codecs[^1].GetProperty("name").GetString());
        Assert.Equal(report.GetProperty("raw_bytes").GetInt64(), codecs[0].GetProperty("payload_bytes").GetInt64());
        Assert.All(codecs[..^1], codec => Assert.True(
            codec.GetProperty("wire_bytes").GetInt64()
            >= codec.GetProperty("payload_bytes").GetInt64() + (300 * 2) + (codec.GetProperty("segments").GetInt64() * SegmentSealer.Overhead)));
        Assert.True(codecs[^1].GetProperty("wire_bytes").GetInt64() < codecs[0].GetProperty("wire_bytes").GetInt64());
    }

    [Fact]
    public async Task A_peer_that_cannot_take_part_is_named_with_the_reason()
    {
        (_, string output, _) = await RunAsync(_file, "--snapshot", "none");
        Assert.Contains("not compared: zstd 19 with dictionary: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acked_messages_lean_on_those_before_them()
    {
        (int code, string output, _) = await RunAsync(_file, "--snapshot", "none", "--context", "acked", "--json");
        Assert.Equal(CommandHost.Success, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal("acked", report.GetProperty("context").GetString());
        JsonElement[] codecs = [.. report.GetProperty("codecs").EnumerateArray()];
        Assert.Equal(["LinkCodec", "LinkCodec acked"], codecs[^2..].Select(codec => codec.GetProperty("name").GetString()));
        Assert.True(codecs[^1].GetProperty("payload_bytes").GetInt64() < codecs[^2].GetProperty("payload_bytes").GetInt64());
    }

    [Fact]
    public async Task A_large_message_is_compared_in_its_parts_too()
    {
        File.WriteAllLines(_file, [new string('a', 5000), string.Concat(Enumerable.Range(0, 40_000).Select(i => i * 7919 % 1009)), "b"]);
        (int code, string output, _) = await RunAsync(_file, "--snapshot", "none", "--context", "acked");
        Assert.Equal(CommandHost.Success, code);
        Assert.Contains("LinkCodec acked ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--mtu", "95")]
    [InlineData("--context", "warm")]
    [InlineData("--messages", "paragraphs")]
    public async Task Wrong_usage_is_exit_code_2_and_one_line(string option, string value)
    {
        (int code, string output, string error) = await RunAsync(_file, option, value);
        Assert.Equal((CommandHost.WrongUsage, ""), (code, output));
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_peer_that_loses_a_byte_is_caught() =>
        Assert.Throws<LinkException>(() => PeerRun.Measure(new LossyPeer(), [[1, 2, 3]], 1200, _ => { }, CancellationToken.None));

    [Theory]
    [InlineData(0)]
    [InlineData(1160)]
    [InlineData(1180)]
    [InlineData(50_000)]
    public void A_stored_message_of_any_size_survives_the_segments(int size)
    {
        byte[][] messages = [new byte[size], [7], new byte[size]];
        using RawPeer raw = new();
        CodecFigures figures = PeerRun.Measure(raw, messages, 1200, _ => { }, CancellationToken.None);
        Assert.Equal((2 * size) + 1, figures.PayloadBytes);
        Assert.InRange(figures.WireBytes, figures.PayloadBytes + (figures.Segments * 20), figures.Segments * 1200);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        Dictionary<Command, string> examples = [];
        RootCommand root = new("test") { CompareCommand.Create(examples) };
        using StringWriter output = new(), error = new();
        int code = await CommandHost.RunAsync("linkcodec", root, examples, ["compare", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class LossyPeer : IPeerCodec
    {
        public string Name => "lossy";

        public bool WholeFilesOnly => false;

        public byte[] Compress(ReadOnlySpan<byte> message) => message.ToArray();

        public byte[] Decompress(ReadOnlySpan<byte> coded, int length) => new byte[length];

        public void Dispose()
        {
        }
    }
}
