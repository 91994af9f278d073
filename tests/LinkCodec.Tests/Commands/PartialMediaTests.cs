using System.Text.Json;
using LinkCodec.Media;
using LinkCodec.Tests.Media;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>Images over a link that loses and out of damaged files, with <c>--partial</c> and without.</summary>
public sealed class PartialMediaTests : IDisposable
{
    private const int Side = 256;

    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;
    private readonly MediaSamples _picture = MediaFiles.Picture(Side, Side, 3, 8);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tiles_that_were_lost_are_named_and_the_others_are_as_they_were()
    {
        await SendAndDamageAsync();
        CommandRun received = await ReceiveAsync("--partial", "--json");
        Assert.Equal(1, received.Exit);
        Assert.Contains("message 1 is incomplete: of an image, tiles (column, row) (", received.Error,
            StringComparison.Ordinal);
        Assert.Equal(["message-00000000", "message-00000001.partial", "message-00000002"], Files());
        JsonElement figures = JsonDocument.Parse(received.Text).RootElement;
        Assert.Equal(1, figures.GetProperty("messages_lost").GetInt32());
        JsonElement one = figures.GetProperty("incomplete")[0];
        Assert.Equal("image", one.GetProperty("kind").GetString());
        JsonElement[] missing = [.. one.GetProperty("missing").EnumerateArray()];
        Assert.InRange(missing.Length, 1, 8);

        byte[] file = await File.ReadAllBytesAsync(Path.Combine(_folder, "got", "message-00000001.partial"));
        Assert.True(new PortableMapFormat().TryRead(file, out MediaSamples? read, out string? problem), problem);
        for (int i = 0; i < read.Pixels.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side % Side);
            bool isMissing = missing.Any(part => x / 64 == part.GetProperty("column").GetInt32()
                && y / 64 == part.GetProperty("row").GetInt32());
            Assert.Equal(isMissing ? 128 : _picture.Pixels[i], read.Pixels[i]);
        }
    }

    [Fact]
    public async Task Without_the_option_a_message_that_is_not_whole_is_not_given_out()
    {
        await SendAndDamageAsync();
        CommandRun received = await ReceiveAsync("--json");
        Assert.Equal(1, received.Exit);
        Assert.Equal(["message-00000000", "message-00000002"], Files());
        Assert.False(JsonDocument.Parse(received.Text).RootElement.TryGetProperty("incomplete", out _));
    }

    [Fact]
    public async Task The_next_session_does_not_write_over_a_part()
    {
        await SendAndDamageAsync();
        await ReceiveAsync("--partial");
        File.Delete(Path.Combine(_folder, "got", "message-00000002"));
        await ReceiveAsync("--partial");
        Assert.Equal(["message-00000000", "message-00000001.partial", "message-00000002",
            "message-00000003.partial", "message-00000004"], Files());
    }

    [Fact]
    public async Task What_a_damaged_packed_image_still_holds_is_unpacked_beside_the_output()
    {
        string image = Path.Combine(_folder, "a.ppm");
        string packed = Path.Combine(_folder, "a.lnk");
        await File.WriteAllBytesAsync(image, PortableMapFormat.Write(_picture));
        await CommandRun.ToolAsync("pack", image, "-o", packed, "--kind", "image", "--tile", "64", "--snapshot",
            "none");
        byte[] link = await File.ReadAllBytesAsync(packed);
        link[link.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(packed, link);
        string output = Path.Combine(_folder, "b.ppm");
        CommandRun unpacked = await CommandRun.ToolAsync("unpack", packed, "-o", output, "--partial", "--json");
        Assert.Equal(1, unpacked.Exit);
        Assert.Contains("message 0 is incomplete: of an image", unpacked.Error, StringComparison.Ordinal);
        JsonElement one = JsonDocument.Parse(unpacked.Text).RootElement.GetProperty("incomplete")[0];
        Assert.Equal(output + "-0.partial", one.GetProperty("file").GetString());
        Assert.InRange(one.GetProperty("missing").GetArrayLength(), 1, 8);
        byte[] file = await File.ReadAllBytesAsync(output + "-0.partial");
        Assert.True(new PortableMapFormat().TryRead(file, out MediaSamples? read, out string? problem), problem);
        Assert.InRange(read.Pixels.Where((pixel, i) => pixel == _picture.Pixels[i]).Count(), read.Pixels.Length / 2,
            read.Pixels.Length - 1000);

        CommandRun without = await CommandRun.ToolAsync("unpack", packed, "-o", Path.Combine(_folder, "c"), "--json");
        Assert.Equal(1, without.Exit);
        Assert.False(JsonDocument.Parse(without.Text).RootElement.TryGetProperty("incomplete", out _));
        Assert.False(File.Exists(Path.Combine(_folder, "c-0.partial")));
    }

    [Fact]
    public async Task A_video_without_a_group_is_written_and_its_frames_are_named()
    {
        string film = Path.Combine(_folder, "a.y4m");
        string packed = Path.Combine(_folder, "a.lnk");
        await File.WriteAllBytesAsync(film, MediaFiles.Video("W64 H48 C420", 4608, [.. Enumerable.Repeat("FRAME", 6)]));
        await CommandRun.ToolAsync("pack", film, "-o", packed, "--kind", "video", "--group", "2", "--snapshot", "none",
            "--mtu", "600");
        byte[] link = await File.ReadAllBytesAsync(packed);
        link[link.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(packed, link);
        string output = Path.Combine(_folder, "b.y4m");
        CommandRun unpacked = await CommandRun.ToolAsync("unpack", packed, "-o", output, "--partial", "--json");
        Assert.Equal(1, unpacked.Exit);
        Assert.Contains("message 0 is incomplete: of a video, frames 2, 3 of 6 are missing", unpacked.Error,
            StringComparison.Ordinal);
        JsonElement one = JsonDocument.Parse(unpacked.Text).RootElement.GetProperty("incomplete")[0];
        Assert.Equal("video", one.GetProperty("kind").GetString());
        Assert.Equal([2, 3], one.GetProperty("missing").EnumerateArray()
            .Select(part => part.GetProperty("frame").GetInt32()));
        Assert.Equal(new FileInfo(film).Length, new FileInfo(output + "-0.partial").Length);
    }

    [Fact]
    public async Task Parts_beside_a_stream_are_refused()
    {
        CommandRun run = await CommandRun.ToolAsync("unpack", "x", "-o", "-", "--partial");
        Assert.Equal(2, run.Exit);
        Assert.Contains("--partial needs a file", run.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_need_a_folder()
    {
        CommandRun run = await CommandRun.StartReceiver("--listen", "file:x", "--published-keys", "--partial")
            .FinishAsync();
        Assert.Equal(2, run.Exit);
        Assert.Contains("--partial needs a folder", run.ErrorLine, StringComparison.Ordinal);
    }

    // A line, an image in 16 tiles, a line; then a byte in the middle is altered.
    private async Task SendAndDamageAsync()
    {
        byte[] image = PortableMapFormat.Write(_picture);
        byte[] length = BitConverter.GetBytes(image.Length);
        byte[] line = [3, 0, 0, 0, .. "one"u8];
        await File.WriteAllBytesAsync(Path.Combine(_folder, "in"), [.. line, .. length, .. image, .. line]);
        CommandRun sent = await CommandRun.StartSender("--to", $"file:{_folder}/link", "--input", $"{_folder}/in",
            "--messages", "u32le", "--tile", "64", "--snapshot", "none", "--published-keys").FinishAsync();
        Assert.True(sent.Exit == 0, sent.Error);
        byte[] link = await File.ReadAllBytesAsync($"{_folder}/link");
        link[link.Length / 2] ^= 1;
        await File.WriteAllBytesAsync($"{_folder}/link", link);
    }

    private Task<CommandRun> ReceiveAsync(params string[] more) => CommandRun.StartReceiver(
        ["--listen", $"file:{_folder}/link", "--published-keys", "--snapshot", "none", "--output", $"{_folder}/got",
            .. more]).FinishAsync();

    private IEnumerable<string?> Files() =>
        Directory.GetFiles(Path.Combine(_folder, "got")).Order(StringComparer.Ordinal).Select(Path.GetFileName);
}
