using System.Text;
using System.Text.Json;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Media;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary><c>linkcodec pack</c> and <c>unpack</c> as a person runs them.</summary>
public sealed class PackTests : IDisposable
{
    private static readonly string[] PackFields =
        ["raw_bytes", "wire_bytes", "billed_bytes", "sent_bytes", "effort_bytes", "coded_bytes", "messages",
            "segments", "bits_per_byte", "seconds", "context", "snapshot", "threads"];

    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public static TheoryData<string, string> Inputs => new()
    {
        { "lines", "empty" },
        { "lines", "text" },
        { "lines", "open" },
        { "lines", "random" },
        { "rs", "rs" },
        { "u32le", "u32le" },
        { "whole", "random" },
        { "whole", "empty" },
    };

    private string In => Path.Combine(_folder, "in");

    private string Packed => Path.Combine(_folder, "packed");

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task What_is_packed_is_unpacked_byte_for_byte(string messages, string content)
    {
        byte[] input = Content(content);
        await File.WriteAllBytesAsync(In, input);
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Packed, "--snapshot", "none", "--messages",
            messages, "--json");
        Assert.Equal((0, ""), (pack.Exit, pack.Error));
        CommandRun unpack = await CommandRun.ToolAsync("unpack", Packed, "-o", Out);
        Assert.Equal((0, ""), (unpack.Exit, unpack.Error));
        Assert.Equal(input, await File.ReadAllBytesAsync(Out));

        JsonElement figures = JsonDocument.Parse(pack.Text).RootElement;
        Assert.Equal(PackFields, figures.EnumerateObject().Select(p => p.Name));
        long raw = figures.GetProperty("raw_bytes").GetInt64();
        long count = figures.GetProperty("messages").GetInt64();
        Assert.True(raw <= input.Length && count >= (content == "empty" && messages == "lines" ? 0 : 1));
        Assert.True(figures.GetProperty("coded_bytes").GetInt64() <= raw + (2 * count),
            $"more than a length over raw for each message: {pack.Text}");
    }

    [Fact]
    public async Task Samples_are_packed_by_hint_and_take_less_than_as_bytes()
    {
        IEnumerable<byte> voice = MediaRun.Voice(5000, 2, 16).SelectMany(value => BitConverter.GetBytes((short)value));
        byte[] input = [.. voice, 1, 2, 3];
        await File.WriteAllBytesAsync(In, input);
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Packed, "--snapshot", "none", "--kind",
            "samples", "--samples", "s16le,2");
        Assert.Equal((0, ""), (pack.Exit, pack.Error));
        long samples = new FileInfo(Packed).Length;
        CommandRun unpack = await CommandRun.ToolAsync("unpack", Packed, "-o", Out);
        Assert.Equal((0, ""), (unpack.Exit, unpack.Error));
        Assert.Equal(input, await File.ReadAllBytesAsync(Out));
        await CommandRun.ToolAsync("pack", In, "-o", Packed, "--snapshot", "none", "--messages", "whole");
        Assert.InRange(samples, 1, new FileInfo(Packed).Length * 2 / 3);
    }

    [Fact]
    public async Task A_chained_file_is_restored_too()
    {
        byte[] input = Content("text");
        await File.WriteAllBytesAsync(In, input);
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Packed, "--snapshot", "none", "--context",
            "acked", "--json");
        Assert.Equal((0, ""), (pack.Exit, pack.Error));
        Assert.Equal("acked", JsonDocument.Parse(pack.Text).RootElement.GetProperty("context").GetString());
        CommandRun unpack = await CommandRun.ToolAsync("unpack", Packed, "-o", Out);
        Assert.Equal((0, ""), (unpack.Exit, unpack.Error));
        Assert.Equal(input, await File.ReadAllBytesAsync(Out));
    }

    [Fact]
    public async Task The_built_in_snapshot_is_the_default_and_its_figures_are_as_promised()
    {
        await File.WriteAllLinesAsync(In, File.ReadLines(TestSnapshots.Find("samples/messages/metar.txt")).Take(60));
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Packed, "--json");
        Assert.Equal(0, pack.Exit);
        JsonElement figures = JsonDocument.Parse(pack.Text).RootElement;
        Assert.Equal(60, figures.GetProperty("messages").GetInt32());
        Assert.True(figures.GetProperty("bits_per_byte").GetDouble() < 4);
        Assert.Equal(64, figures.GetProperty("snapshot").GetString()!.Length);
        CommandRun unpack = await CommandRun.ToolAsync("unpack", Packed, "-o", "-");
        Assert.Equal(0, unpack.Exit);
        Assert.Equal(await File.ReadAllBytesAsync(In), unpack.Output);
    }

    [Fact]
    public async Task Without_json_one_line_tells_the_result()
    {
        await File.WriteAllBytesAsync(In, Content("text"));
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Packed, "--snapshot", "none");
        Assert.Single(pack.Text.TrimEnd('\n').Split('\n'));
        Assert.Contains("messages", pack.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    public async Task A_damaged_file_gives_the_messages_that_survive_and_one_line(string damage)
    {
        string[] lines = [.. Enumerable.Range(0, 2000).Select(i => $"{i} {i * 7919L % 10_007} volts")];
        await File.WriteAllLinesAsync(In, lines);
        Assert.Equal(0, (await CommandRun.ToolAsync("pack", In, "-o", Packed, "--snapshot", "none")).Exit);
        byte[] packed = await File.ReadAllBytesAsync(Packed);
        packed[packed.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(Packed, damage == "flip" ? packed : packed[..(packed.Length / 2)]);
        CommandRun unpack = await CommandRun.ToolAsync("unpack", Packed, "-o", Out, "--json");
        Assert.Equal(1, unpack.Exit);
        Assert.Contains("the file is damaged", unpack.ErrorLine, StringComparison.Ordinal);
        JsonElement figures = JsonDocument.Parse(unpack.Text).RootElement;
        Assert.True(figures.GetProperty("damaged").GetBoolean());
        string[] survived = await File.ReadAllLinesAsync(Out);
        Assert.InRange(survived.Length, 500, 1999);
        Assert.Empty(survived.Except(lines));
        Assert.Equal(survived.Length, figures.GetProperty("messages").GetInt32());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("missing")]
    public async Task A_file_that_is_none_of_ours_is_one_line(string kind)
    {
        if (kind != "missing")
        {
            await File.WriteAllBytesAsync(Packed, kind == "empty" ? [] : new TestRandom(3).Bytes(5000));
        }

        CommandRun unpack = await CommandRun.ToolAsync("unpack", Packed, "-o", Out);
        Assert.Equal(1, unpack.Exit);
        Assert.StartsWith("error: ", unpack.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_that_promises_more_than_the_input_holds_is_one_line()
    {
        await File.WriteAllBytesAsync(In, [9, 0, 0, 0, 1]);
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Packed, "--snapshot", "none",
            "--messages", "u32le");
        Assert.Equal(1, pack.Exit);
        Assert.Contains("ends inside", pack.ErrorLine, StringComparison.Ordinal);
    }

    [NeedsTheory(Machine.FullDisk)]
    [InlineData("$T pack IN -o /dev/full --snapshot none")]
    [InlineData("$T pack IN -o PACKED --snapshot none >/dev/null && $T unpack PACKED -o /dev/full")]
    [InlineData("$T pack IN -o PACKED --snapshot none >/dev/null && $T unpack PACKED -o - >/dev/full")]
    [InlineData("$T pack IN -o PACKED --snapshot none --json >/dev/full")]
    [InlineData("$T pack IN -o PACKED --snapshot none >/dev/null && $T unpack PACKED -o - | head -c 1 >/dev/null; exit "
        + "${PIPESTATUS[0]}")]
    [InlineData("$T pack IN -o /no/such/folder/file --snapshot none")]
    public async Task What_cannot_be_written_is_one_clear_line(string line)
    {
        await File.WriteAllTextAsync(In,
            string.Concat(Enumerable.Range(0, 40_000).Select(i => $"constant text number {i % 10}\n")));
        CommandRun run = await CommandRun.BashAsync(line.Replace("IN", In, StringComparison.Ordinal)
            .Replace("PACKED", Packed, StringComparison.Ordinal));
        Assert.True(run.Exit == 1, $"exit {run.Exit}: {run.Error}");
        Assert.StartsWith("error: ", run.ErrorLine, StringComparison.Ordinal);
    }

    private static byte[] Content(string name) => name switch
    {
        "empty" => [],
        "text" =>
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 800).Select(i => $"battery {i % 13} nominal\n"))),
        "open" => "first\n\n\nlast without an end"u8.ToArray(),
        "random" => new TestRandom(17).Bytes(100_000),
        "rs" => "one\u001etwo\nlines\u001e\u001ethree"u8.ToArray(),
        _ => [3, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 2, 0, 0, 0, 10, 30],
    };
}
