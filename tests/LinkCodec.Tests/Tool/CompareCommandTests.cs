using System.CommandLine;
using System.Text;
using System.Text.Json;
using LinkCodec.Baselines;
using LinkCodec.CommandLine;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Tests.Compression;
using LinkCodec.Tests.ContextMixing;
using LinkCodec.Tool.Commands;
using LinkCodec.Tool.Comparison;
using Xunit;

namespace LinkCodec.Tests.Tool;

public sealed class CompareCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public CompareCommandTests() => File.WriteAllLines(_file,
        Enumerable.Range(0, 300).Select(i => $"{{\"sensor\":{i % 7},\"value\":{i * 37 % 100}}}"));

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
            >= codec.GetProperty("payload_bytes").GetInt64()
                + (codec.GetProperty("packing").GetString() == "messages" ? 300 : 0)
                + (codec.GetProperty("segments").GetInt64() * SegmentSealer.Overhead)));
        Assert.True(codecs[^1].GetProperty("wire_bytes").GetInt64() < codecs[0].GetProperty("wire_bytes").GetInt64());
    }

    [Fact]
    public async Task Every_codec_is_compared_message_by_message_and_in_whole_segments_and_one_is_to_be_quoted()
    {
        (_, string output, _) = await RunAsync(_file, "--snapshot", "none", "--json", "--train", _file);
        JsonElement[] codecs = [.. JsonDocument.Parse(output).RootElement.GetProperty("codecs").EnumerateArray()];
        Assert.Equal(["messages", "segments"],
            codecs.SkipLast(1).Chunk(2).SelectMany(pair => pair.Select(c => c.GetProperty("packing").GetString()))
                .Distinct());
        JsonElement quoted = Assert.Single(codecs, codec => codec.GetProperty("reference").GetBoolean());
        Assert.Equal("zstd 19 with dictionary, whole segments", quoted.GetProperty("name").GetString());
        Assert.Equal(1, quoted.GetProperty("gain_over_reference").GetDouble());
        (_, string table, _) = await RunAsync(_file, "--snapshot", "none", "--train", _file);
        Assert.Contains("zstd 19 with dictionary, whole segments * ", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_that_cannot_take_part_is_named_with_the_reason()
    {
        (_, string output, _) = await RunAsync(_file, "--snapshot", "none");
        Assert.Contains("not compared: zstd 19 with dictionary: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acked_messages_lean_on_those_before_them()
    {
        byte[][] messages = [.. File.ReadLines(_file).Select(Encoding.UTF8.GetBytes)];
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks: false);
        CodecFigures? cold = await LinkCodecRun.MeasureAsync("cold", predictor, messages, 100, 1, isChained: false,
            _ => { }, CancellationToken.None);
        CodecFigures? acked = await LinkCodecRun.MeasureAsync("acked", predictor, messages, 100, 1, isChained: true,
            _ => { }, CancellationToken.None);
        Assert.True(acked!.PayloadBytes < cold!.PayloadBytes);
    }

    [Fact]
    public async Task An_acked_message_of_many_segments_is_compared_too()
    {
        byte[] large = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7919 >> (i % 7)))];
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks: false);
        CodecFigures? acked = await LinkCodecRun.MeasureAsync("acked", predictor, [[1], large, large, []], 600, 1,
            isChained: true, _ => { }, CancellationToken.None);
        Assert.True(acked!.Segments > 1);
    }

    [Fact]
    public async Task A_codec_is_compared_in_a_chain_where_it_keeps_context()
    {
        Assert.Null(await LinkCodecRun.MeasureAsync("acked", new ToyPredictor(), [[1], [2]], 1200, 1, isChained: true,
            _ => { }, CancellationToken.None));
        (int code, string output, _) = await RunAsync(_file, "--snapshot", "none", "--context", "acked");
        Assert.Equal(CommandHost.Success, code);
        Assert.Contains("LinkCodec acked", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not compared: LinkCodec acked: ", output, StringComparison.Ordinal);
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
    public void A_baseline_that_loses_a_byte_is_caught()
    {
        Assert.Throws<LinkException>(
            () => BaselineRun.Measure(new LossyBaseline(), [[1, 2, 3]], 1200, _ => { }, CancellationToken.None));
        Assert.Throws<BaselineException>(
            () => SegmentRun.Measure(new LossyBaseline(), [[1], [2]], 1200, _ => { }, CancellationToken.None));
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(96)]
    public void A_block_fills_a_datagram_to_its_last_byte_and_one_byte_more_takes_another(int mtu)
    {
        // A single raw message's block has its count in front.
        using RawBaseline raw = new();
        int most = SegmentRoom.Of(mtu, 0) - 1;
        CodecFigures full = SegmentRun.Measure(raw, [new byte[most]], mtu, _ => { }, CancellationToken.None);
        Assert.Equal((1, mtu), (full.Segments, full.WireBytes));
        CodecFigures more = SegmentRun.Measure(raw, [new byte[most + 1]], mtu, _ => { }, CancellationToken.None);
        Assert.Equal(2, more.Segments);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1180)]
    [InlineData(50_000)]
    public void Whole_segments_hold_messages_of_any_size(int size)
    {
        byte[] noise = new byte[size];
        RandomSource.FromSeed(3).Fill(noise);
        byte[][] messages = [[], noise, [7], [], new byte[size]];
        using BrotliBaseline brotli = new();
        CodecFigures figures = SegmentRun.Measure(brotli, messages, 1200, _ => { }, CancellationToken.None);
        Assert.InRange(figures.WireBytes, figures.PayloadBytes + (figures.Segments * SegmentSealer.Overhead),
            figures.Segments * 1200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1160)]
    [InlineData(1180)]
    [InlineData(50_000)]
    public void A_stored_message_of_any_size_survives_the_segments(int size)
    {
        byte[][] messages = [new byte[size], [7], new byte[size]];
        using RawBaseline raw = new();
        CodecFigures figures = BaselineRun.Measure(raw, messages, 1200, _ => { }, CancellationToken.None);
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

    private sealed class LossyBaseline : IBaselineCodec
    {
        public string Name => "lossy";

        public bool WholeFilesOnly => false;

        public byte[] Compress(ReadOnlySpan<byte> message) => message.ToArray();

        public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength) => new byte[maxLength];

        public void Dispose()
        {
        }
    }
}
