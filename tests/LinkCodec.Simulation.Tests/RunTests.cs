using System.Buffers.Binary;
using System.Text.Json;
using System.Xml.Linq;
using LinkCodec.Baselines;
using LinkCodec.Simulator.Cli;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Runs;
using LinkCodec.Simulator.Scenarios;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class RunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_another_trace()
    {
        (string Json, byte[] Report, byte[] Capture) first = await CompareAsync(seed: 7);
        (string Json, byte[] Report, byte[] Capture) again = await CompareAsync(seed: 7, more: "--threads 2");
        (string Json, byte[] Report, byte[] Capture) other = await CompareAsync(seed: 8);

        Assert.Equal(first.Json, again.Json);
        Assert.Equal(first.Report, again.Report);
        Assert.Equal(first.Capture, again.Capture);
        Assert.NotEqual(Traces(first.Json), Traces(other.Json));
        Assert.NotEqual(first.Capture, other.Capture);
    }

    [Fact]
    public async Task The_figures_agree_with_each_other()
    {
        (string json, byte[] report, byte[] capture) = await CompareAsync(seed: 4);

        JsonElement root = JsonDocument.Parse(json).RootElement;
        Assert.Equal("demo", root.GetProperty("scenario").GetString());
        Assert.Equal(4, root.GetProperty("seed").GetInt32());
        JsonElement[] codecs = [.. root.GetProperty("codecs").EnumerateArray()];
        Assert.Equal(["linkcodec", "brotli", "deflate", "raw"], codecs.Select(c => c.GetProperty("codec").GetString()));
        long input = File.ReadLines(Runs.Sample("metar.txt")).Sum(line => (long)line.Length);
        Assert.All(codecs, codec =>
        {
            Assert.Equal(0, codec.GetProperty("messages_wrong").GetInt64());
            Assert.Equal(400, codec.GetProperty("messages_sent").GetInt64());
            Assert.Equal(400, codec.GetProperty("messages_delivered").GetInt64());
            Assert.Equal(input, codec.GetProperty("delivered_bytes").GetInt64());
            Assert.Equal(8 * input / codec.GetProperty("seconds").GetDouble(),
                codec.GetProperty("effective_bps").GetDouble(), 2);
            Assert.InRange(codec.GetProperty("goodput_fraction").GetDouble(), 0.5, 0.95);
            Assert.InRange(codec.GetProperty("latency_p50").GetDouble(), 0.3,
                codec.GetProperty("latency_p99").GetDouble());
        });
        Assert.Equal(1, codecs[3].GetProperty("gain_over_raw").GetDouble());
        Assert.True(codecs[0].GetProperty("gain_over_raw").GetDouble() > 1.4);
        Assert.Equal(codecs[0].GetProperty("air_bytes").GetInt64(), CapturedBytes(capture));
        string html = System.Text.Encoding.UTF8.GetString(report);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal); // Nothing is fetched when it is looked at.
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.All(codecs,
            codec => Assert.Contains($">{codec.GetProperty("codec").GetString()}<", html, StringComparison.Ordinal));
        Assert.All(Svgs(html), svg => Assert.NotEmpty(XElement.Parse(svg).Elements()));
    }

    [Fact]
    public async Task Several_seeds_are_each_reported_and_their_mean()
    {
        string json = await RunAsync(
            "run --scenario demo --snapshot none --codecs linkcodec --seed 7 --seeds 3 --json");

        JsonElement codec = Assert.Single(JsonDocument.Parse(json).RootElement.GetProperty("codecs").EnumerateArray());
        JsonElement[] runs = [.. codec.GetProperty("runs").EnumerateArray()];
        Assert.Equal([7, 8, 9], runs.Select(run => run.GetProperty("seed").GetInt32()));
        Assert.Equal(3, runs.Select(run => run.GetProperty("trace_sha256").GetString()).Distinct().Count());
        Assert.Equal(runs.Average(run => run.GetProperty("air_bytes").GetDouble()),
            codec.GetProperty("air_bytes").GetDouble(), 3);
        // Though raw was not asked for.
        Assert.All(runs, run => Assert.True(run.GetProperty("gain_over_raw").GetDouble() > 1));
    }

    [Fact]
    public async Task A_run_is_cut_off_at_its_duration()
    {
        string json = await RunAsync("run --scenario demo --snapshot none --codecs raw --duration 5 --json");

        JsonElement raw = Assert.Single(JsonDocument.Parse(json).RootElement.GetProperty("codecs").EnumerateArray());
        Assert.Equal("time up", raw.GetProperty("ended").GetString());
        Assert.Equal(5, raw.GetProperty("seconds").GetDouble());
        Assert.InRange(raw.GetProperty("messages_delivered").GetInt64(), 1, 399);
    }

    [Fact]
    public void LinkCodec_carries_more_message_bytes_a_second_than_raw()
    {
        IReadOnlyList<RunResult> coded = Runs.Send(BuiltInScenarios.Find("demo"));
        IReadOnlyList<RunResult> raw = Runs.SendRaw(BuiltInScenarios.Find("demo"));

        Runs.AssertComplete(coded);
        Runs.AssertComplete(raw);
        Assert.All(coded.Zip(raw), pair => Assert.True(pair.First.EffectiveBps > 1.2 * pair.Second.EffectiveBps));
    }

    [Fact]
    public void Other_codecs_give_every_message_back()
    {
        foreach ((string name, IBaselineCodec peer) in new (string, IBaselineCodec)[] {
            ("brotli", new BrotliBaseline()), ("deflate", new DeflateBaseline()), ("raw", new RawBaseline()) })
        {
            using RunCodec codec = RunCodec.Of(name, peer);
            Runs.AssertComplete(Runs.Send(codec, BuiltInScenarios.Find("lossy-30"), 2, 0, Runs.Messages()));
        }
    }

    [Theory]
    [InlineData("demo", 0)]
    [InlineData("lossy-30", 0)]
    [InlineData("demo", 0.2)]
    public void Blocks_that_fill_segments_give_every_message_back(string scenario, double interval)
    {
        foreach ((string name, IBaselineCodec peer) in new (string, IBaselineCodec)[] {
            ("zstd-segments", new ZstdBaseline()), ("raw-segments", new RawBaseline()) })
        {
            using RunCodec codec = RunCodec.Of(name, peer, fillsSegments: true);
            Runs.AssertComplete(Runs.Send(codec, BuiltInScenarios.Find(scenario), 2, interval, Runs.Messages()));
        }
    }

    [Fact]
    public void Each_block_fills_a_datagram()
    {
        using RunCodec codec = RunCodec.Of("zstd-segments", new ZstdBaseline(), fillsSegments: true);
        IReadOnlyList<ReadOnlyMemory<byte>> messages = [.. Enumerable.Range(0, 2000)
            .Select(i => (ReadOnlyMemory<byte>)System.Text.Encoding.ASCII.GetBytes($"report {i * 7919 % 10007}"))];
        Scenario quiet = Runs.Both(Runs.Narrow, Links.Delay(0.3));
        int blocks = codec.Pack(messages, LinkEnds.Mtu(quiet.Forward)).Count;

        RunResult run = Runs.Send(codec, quiet, seeds: 1, interval: 0, messages: messages).Single();

        Assert.Equal("complete", run.Ended);
        Assert.InRange(run.SessionBytes, (blocks - 1) * 1150, (blocks * 1200) + 300);
    }

    [Fact]
    public void A_message_on_an_idle_link_takes_one_way_and_its_repetitions()
    {
        Scenario quiet = Runs.Both(Runs.Narrow, Links.Delay(0.3));

        RunResult run = Runs.Send(quiet, seeds: 1, interval: 10, messages: Runs.Messages()).Single();

        Assert.Equal("complete", run.Ended);
        Assert.InRange(run.LatencyP50!.Value, 0.3, 0.6);
    }

    [Fact]
    public void Equal_messages_that_are_told_apart_wrongly_are_counted()
    {
        using RunCodec liar = RunCodec.Of("liar", new Liar());

        RunResult run = Runs.Send(liar, BuiltInScenarios.Find("demo"), 1, 0, Runs.Messages()).Single();

        Assert.True(run.MessagesWrong > 50);
        Assert.Equal(run.MessagesSent, run.MessagesDelivered + run.MessagesWrong);
    }

    [Theory]
    [InlineData("--codecs linkcodec,pigeon")]
    [InlineData("--codecs raw,raw")]
    [InlineData("--codecs zstd-dict")]
    [InlineData("--codecs zstd-dict-segments")]
    [InlineData("--codecs linkcodec-segments")]
    [InlineData("--codecs ,")]
    public async Task Codecs_that_cannot_be_meant_are_wrong_usage(string option)
    {
        using StringWriter output = new();
        using StringWriter error = new();

        Assert.Equal(2, await SimulatorCommands.RunAsync([.. "run --scenario demo --input".Split(' '),
            Runs.Sample("metar.txt"), .. option.Split(' ')], output, error));
        Assert.StartsWith("error: --codecs", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--report IN")]
    [InlineData("--pcap IN")]
    [InlineData("--report OUT --pcap OUT")]
    [InlineData("--train OUT --report OUT")]
    public async Task A_report_or_capture_that_is_an_input_is_refused_and_the_input_stays(string option)
    {
        string input = Path.Combine(_folder, "in");
        string other = Path.Combine(_folder, "out");
        await File.WriteAllTextAsync(input, "one\n");
        await File.WriteAllTextAsync(other, "two\n");
        using StringWriter output = new();
        using StringWriter error = new();
        string line = $"run --scenario demo --codecs raw --snapshot none --input IN {option}"
            .Replace("IN", input, StringComparison.Ordinal).Replace("OUT", other, StringComparison.Ordinal);
        Assert.Equal(1, await SimulatorCommands.RunAsync(line.Split(' '), output, error));
        Assert.Contains("is the input", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(("one\n", "two\n"), (await File.ReadAllTextAsync(input), await File.ReadAllTextAsync(other)));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Theory]
    [InlineData("--threads -1")]
    [InlineData("--seeds 0")]
    [InlineData("--seed -1")]
    [InlineData("--duration NaN")]
    [InlineData("--duration 0")]
    [InlineData("--interval -1")]
    [InlineData("--interval 1e999")]
    public async Task Numbers_that_cannot_be_meant_are_wrong_usage(string option)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.Equal(2, await SimulatorCommands.RunAsync(
            [.. "run --scenario demo --input x".Split(' '), .. option.Split(' ')], output, error));
        Assert.Contains(option.Split(' ')[0], error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_forwards_to_no_port_0_and_reads_no_scenario_without_an_end()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.Equal(2, await SimulatorCommands.RunAsync(
            "proxy --listen udp://127.0.0.1:0 --forward udp://127.0.0.1:0 --scenario demo --duration 1".Split(' '),
            output, error));
        Assert.Contains("port 0", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await SimulatorCommands.RunAsync("scenarios show /dev/zero".Split(' '), output, error));
        Assert.Contains("no regular file", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_snapshot_carries_three_times_what_raw_does_and_threads_change_nothing()
    {
        using RunCodec codec = RunCodec.LinkCodec(Models.SnapshotStore.DefaultLabel);
        IReadOnlyList<ReadOnlyMemory<byte>> messages = [.. File.ReadLines(Runs.Sample("metar.txt"))
            .Select(line => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(line))];
        using RunCodec uncompressed = RunCodec.Of("raw", new RawBaseline());

        IReadOnlyList<RunResult> coded = Runs.Send(codec, BuiltInScenarios.Find("demo"), 3, 0, messages);
        IReadOnlyList<RunResult> again = Runs.Send(codec, BuiltInScenarios.Find("demo"), 3, 0, messages, threads: 2);
        IReadOnlyList<RunResult> spread = Runs.Send(codec, BuiltInScenarios.Find("lossy-30"), 1, 0.1, messages);
        IReadOnlyList<RunResult> raw = Runs.Send(uncompressed, BuiltInScenarios.Find("demo"), 3, 0, messages);

        Runs.AssertComplete(coded);
        Runs.AssertComplete(spread);
        Assert.Equal(coded.Select(run => run.TraceSha256), again.Select(run => run.TraceSha256));
        Assert.All(coded.Zip(raw), pair => Assert.True(pair.First.EffectiveBps > 3 * pair.Second.EffectiveBps));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<string?> Traces(string json) =>
        JsonDocument.Parse(json).RootElement.GetProperty("codecs").EnumerateArray()
            .Select(c => c.GetProperty("trace_sha256").GetString());

    private static IEnumerable<string> Svgs(string html) =>
        html.Split("<svg ").Skip(1)
            .Select(part => "<svg " + part[..part.IndexOf("</svg>", StringComparison.Ordinal)] + "</svg>");

    private static long CapturedBytes(ReadOnlySpan<byte> capture)
    {
        long bytes = 0;
        for (capture = capture[24..]; !capture.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(capture[8..]);
            bytes += length - 28;
            capture = capture[(16 + length)..];
        }

        return bytes;
    }

    [Theory]
    [InlineData("off", 5, 60)]
    [InlineData("0.4", 0, 1)]
    public async Task Without_a_return_path_repairs_bring_what_is_lost(string fec, int least, int most)
    {
        string json = await RunAsync(
            $"run --scenario one-way --snapshot none --codecs linkcodec --seeds 5 --fec {fec} --json");
        JsonElement codec = JsonDocument.Parse(json).RootElement.GetProperty("codecs")[0];
        Assert.Equal(0, codec.GetProperty("messages_wrong").GetInt64());
        double lost = codec.GetProperty("messages_sent").GetInt64()
            - codec.GetProperty("messages_delivered").GetDouble();
        Assert.InRange(lost, least, most);
    }

    private static async Task<string> RunAsync(string line)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await SimulatorCommands.RunAsync([.. line.Split(' '), "--input", Runs.Sample("metar.txt")],
            output, error);
        Assert.True(code == 0, error.ToString());
        return output.ToString();
    }

    private async Task<(string Json, byte[] Report, byte[] Capture)> CompareAsync(int seed, string more = "--threads 1")
    {
        string report = Path.Combine(_folder, "report.html");
        string capture = Path.Combine(_folder, "capture.pcap");
        string json = await RunAsync(
            $"run --scenario demo --snapshot none --codecs linkcodec,brotli,deflate,raw --seed {seed} --json --report "
                + $"{report} --pcap {capture} {more}");
        return (json, await File.ReadAllBytesAsync(report), await File.ReadAllBytesAsync(capture));
    }

    /// <summary>Gives back something else than it was given.</summary>
    private sealed class Liar : IBaselineCodec
    {
        public string Name => "liar";

        public bool WholeFilesOnly => false;

        public byte[] Compress(ReadOnlySpan<byte> message) => message[(message.Length / 2)..].ToArray();

        public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength) => new byte[maxLength];

        public void Dispose()
        {
        }
    }
}
