using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using LinkCodec.Baselines;
using LinkCodec.CommandLine;
using LinkCodec.Media;
using LinkCodec.Tests.Media;
using LinkCodec.Tool.Commands;
using LinkCodec.Tool.Comparison;
using Xunit;

namespace LinkCodec.Tests.Tool;

public sealed class CompareMediaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PeerFact("PNG, optipng 4")]
    public void Optipng_gives_every_image_back() => CheckImages("PNG, optipng 4");

    [PeerFact("WebP lossless 9")]
    public void WebP_gives_every_image_back() => CheckImages("WebP lossless 9");

    [PeerFact("JPEG XL e7")]
    public void Jpeg_xl_gives_every_image_back() => CheckImages("JPEG XL e7");

    [PeerFact("FLIF")]
    public void Flif_gives_every_image_back() => CheckImages("FLIF");

    [PeerFact("JPEG 2000")]
    public void Jpeg_2000_gives_every_image_back() => CheckImages("JPEG 2000");

    [PeerFact("FLAC 8")]
    public void Flac_gives_every_sound_back() => CheckSounds("FLAC 8");

    [PeerFact("WavPack hhx6")]
    public void WavPack_gives_every_sound_back() => CheckSounds("WavPack hhx6");

    [PeerFact("TTA, ffmpeg")]
    public void Tta_gives_every_sound_back() => CheckSounds("TTA, ffmpeg");

    [Fact]
    public async Task Images_are_compared_whole_and_absent_coders_are_named()
    {
        string image = Save("a.ppm", PortableMapFormat.Write(MediaFiles.Picture(90, 70, 3, 8)));
        (int code, string output, _) = await RunAsync(image, "--json", "--tile", "64");
        Assert.Equal(CommandHost.Success, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal("images", report.GetProperty("media").GetString());
        JsonElement[] codecs = [.. report.GetProperty("codecs").EnumerateArray()];
        Assert.Equal("raw", codecs[0].GetProperty("name").GetString());
        Assert.Equal("LinkCodec", codecs[^1].GetProperty("name").GetString());
        Assert.True(codecs[^1].GetProperty("wire_bytes").GetInt64() < codecs[0].GetProperty("wire_bytes").GetInt64());
        IEnumerable<string?> named = codecs.Concat(report.GetProperty("unavailable").EnumerateArray())
            .Select(one => one.GetProperty("name").GetString());
        Assert.Superset(MediaPeers.Images.Select(peer => (string?)peer.Name).ToHashSet(), named.ToHashSet());
    }

    [Fact]
    public async Task A_sound_is_compared_and_its_page_needs_nothing_else()
    {
        string sound = Save("a.wav", MediaFiles.Wave(2, 16, 12_000, 12_000));
        string page = Path.Combine(_folder, "page.html");
        (int code, string output, _) = await RunAsync(sound, "--report", page);
        Assert.Equal(CommandHost.Success, code);
        Assert.Contains("1 sounds, ", output, StringComparison.Ordinal);
        string html = await File.ReadAllTextAsync(page);
        Assert.Contains("bits a time", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(?!data:)", html);
    }

    [Fact]
    public async Task Samples_are_compared_as_bytes_and_as_a_sound()
    {
        string samples = Save("a.i16", [.. MediaRun.Voice(4000, 1, 16).SelectMany(
            value => BitConverter.GetBytes((short)value)), 7]);
        (int code, string output, _) = await RunAsync(samples, "--kind", "samples", "--samples", "s16le", "--json");
        Assert.Equal(CommandHost.Success, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal("samples", report.GetProperty("media").GetString());
        Assert.Equal(8001, report.GetProperty("raw_bytes").GetInt64());
        IEnumerable<string?> named = report.GetProperty("codecs").EnumerateArray()
            .Concat(report.GetProperty("unavailable").EnumerateArray())
            .Select(one => one.GetProperty("name").GetString());
        Assert.Superset(MediaPeers.Sounds.Select(peer => (string?)peer.Name).ToHashSet(), named.ToHashSet());
    }

    [Fact]
    public async Task The_page_shows_each_image_and_where_its_bits_are()
    {
        string[] images = [Save("a&b.ppm", PortableMapFormat.Write(MediaFiles.Picture(90, 70, 3, 8))),
            Save("grey.pgm", PortableMapFormat.Write(MediaFiles.Picture(40, 50, 1, 16)))];
        string page = Path.Combine(_folder, "page.html");
        (int code, _, _) = await RunAsync([.. images, "--tile", "64", "--report", page]);
        Assert.Equal(CommandHost.Success, code);
        string html = await File.ReadAllTextAsync(page);
        Assert.Equal(2, Regex.Count(html, "<img alt=\"the image\" src=\"data:image/png;base64,"));
        Assert.Equal(4 + 1, Regex.Count(html, "<rect "));
        Assert.Contains("<h2>a&amp;b.ppm</h2>", html, StringComparison.Ordinal);
        Assert.Contains("class=\"own\"><td>LinkCodec</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_other_kinds_are_messages()
    {
        string text = Save("a.txt", "one\ntwo\n"u8.ToArray());
        string image = Save("a.pgm", PortableMapFormat.Write(MediaFiles.Picture(30, 20, 1, 8)));
        (_, string output, _) = await RunAsync(text, image, "--snapshot", "none", "--json");
        Assert.False(JsonDocument.Parse(output).RootElement.TryGetProperty("media", out _));
        (_, output, _) = await RunAsync(image, "--messages", "whole", "--snapshot", "none", "--json");
        Assert.False(JsonDocument.Parse(output).RootElement.TryGetProperty("media", out _));
    }

    [Theory]
    [InlineData("--kind", "video")]
    [InlineData("--kind", "audio")]
    [InlineData("--kind", "image", "--messages", "whole")]
    [InlineData("--kind", "messages", "--report", "x.html")]
    public async Task What_does_not_fit_an_image_is_wrong_usage(params string[] arguments)
    {
        string image = Save("a.pgm", PortableMapFormat.Write(MediaFiles.Picture(30, 20, 1, 8)));
        (int code, string output, string error) = await RunAsync([image, .. arguments]);
        Assert.Equal((CommandHost.WrongUsage, ""), (code, output));
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Colours_are_the_same_in_fewer_planes_and_bits_only_where_nothing_is_lost()
    {
        MediaSamples grey = MediaFiles.Picture(9, 7, 1, 4);
        MediaSamples wide = PixelColours.In(grey, 4, 16)!;
        Assert.Equal(63 * 4, wide.Pixels.Length);
        Assert.Equal(grey.Pixels, PixelColours.In(wide, 1, 4)!.Pixels);
        wide.Pixels[5]++;
        Assert.Null(PixelColours.In(wide, 1, 4));
        Assert.Null(PixelColours.In(wide, 3, 8));
        wide.Pixels[5]--;
        wide.Pixels[^1] = 0;
        Assert.NotNull(PixelColours.In(wide, 4, 8));
        Assert.Null(PixelColours.In(wide, 3, 8));
        Assert.Null(PixelColours.In(grey, 1, 7));
    }

    private static void CheckImages(string name)
    {
        MediaPeer peer = PeerFactAttribute.Find(name);
        foreach ((int planes, int bits) in ((int, int)[])[(1, 8), (2, 8), (3, 8), (4, 8), (1, 16), (3, 16)])
        {
            if (peer.Refuses(planes, bits) is null)
            {
                Check(peer, PortableMapFormat.Write(MediaFiles.Picture(40, 33, planes, bits)), $"{planes} x {bits}");
            }
        }

        MediaSamples numbers = MediaFiles.Picture(40, 33, 1, 4);
        byte[] colours = [.. Enumerable.Range(0, 48).Select(i => (byte)(i * 5))];
        byte[] png = PngFormat.Write(numbers, [3, .. PngFormat.Chunk("PLTE"u8, colours)])!;
        Check(peer, png, "palette");
    }

    private static void CheckSounds(string name)
    {
        foreach ((int channels, int bits) in ((int, int)[])[(1, 8), (2, 16), (2, 24)])
        {
            int length = 600 * channels * bits / 8;
            Check(PeerFactAttribute.Find(name), MediaFiles.Wave(channels, bits, length, (uint)length),
                $"{channels} x {bits}");
        }
    }

    private static void Check(MediaPeer peer, byte[] file, string what)
    {
        Assert.True(MediaInput.TryRead(what, file, out MediaInput? input, out string? problem), problem);
        using MediaPeerCodec codec = new(peer, input);
        byte[] coded = codec.Compress(input.Plain);
        Assert.True(codec.DecompressUpTo(coded, int.MaxValue).AsSpan().SequenceEqual(input.Plain), what);
    }

    private string Save(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        Dictionary<Command, string> examples = [];
        RootCommand root = new("test") { CompareCommand.Create(examples) };
        using StringWriter output = new(), error = new();
        int code = await CommandHost.RunAsync("linkcodec", root, examples, ["compare", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
