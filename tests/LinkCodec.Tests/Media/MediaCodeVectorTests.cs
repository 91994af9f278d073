using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>protocol-spec/vectors/media-codes.json, which the plain reference made by section 13.</summary>
public sealed class MediaCodeVectorTests
{
    private static readonly Lazy<JsonElement> Vectors =
        new(() => JsonDocument.Parse(Repository.Read("protocol-spec/vectors/media-codes.json")).RootElement);

    public static TheoryData<string> Valid => Names("valid");

    public static TheoryData<string> Rejected => Names("must_reject");

    [Theory]
    [MemberData(nameof(Valid))]
    [Spec("12.2-1")]
    [Spec("13.1-1"), Spec("13.1-2"), Spec("13.1-3"), Spec("13.2-1"), Spec("13.2-2"), Spec("13.2-3"), Spec("13.3-1")]
    [Spec("13.3-2"), Spec("13.3-3"), Spec("13.4-1"), Spec("13.4-2"), Spec("13.4-3"), Spec("13.4-4"), Spec("13.4-5")]
    [Spec("13.4-6"), Spec("13.4-7"), Spec("13.4-8"), Spec("13.4-9"), Spec("13.4-10"), Spec("13.4-11")]
    [Spec("13.4-12"), Spec("13.4-13"), Spec("13.4-14"), Spec("13.4-15"), Spec("13.4-16"), Spec("13.5-1")]
    [Spec("13.5-2"), Spec("13.5-3"), Spec("13.5-4"), Spec("13.5-5"), Spec("13.5-6"), Spec("13.5-7"), Spec("13.5-8")]
    [Spec("13.5-9")]
    [Spec("13.6-1"), Spec("13.6-2"), Spec("13.6-3"), Spec("13.6-4"), Spec("13.6-5"), Spec("13.6-6")]
    [Spec("13.7-1"), Spec("13.7-2"), Spec("13.7-3"), Spec("13.7-4")]
    [Spec("13.8-1"), Spec("13.8-2"), Spec("13.8-3"), Spec("13.8-4"), Spec("13.8-5"), Spec("13.8-6"), Spec("13.8-7")]
    [Spec("13.8-8"), Spec("13.8-9")]
    [Spec("14.1-1"), Spec("14.1-2"), Spec("14.1-3"), Spec("14.2-1"), Spec("14.2-2"), Spec("14.2-3"), Spec("14.3-1")]
    [Spec("14.3-2"), Spec("14.3-3"), Spec("14.4-1"), Spec("14.4-2"), Spec("14.4-3"), Spec("14.4-4"), Spec("14.4-5")]
    public void Samples_become_the_spec_s_code_and_come_back(string name)
    {
        JsonElement vector = Find("valid", name);
        byte[] code = vector.Hex("code");
        Assert.Equal(LinkErrorCode.None, MediaCode.Decode(code, Before(vector), out byte[] samples));
        Assert.Equal(vector.GetProperty("samples").GetString(), Convert.ToHexStringLower(samples));
        if (!name.StartsWith("vectors ", StringComparison.Ordinal)) // of motion, that no encoder looks for
        {
            Assert.Equal(Convert.ToHexStringLower(code),
                Convert.ToHexStringLower(Encode(code, Before(vector), samples)));
        }
    }

    [Theory]
    [MemberData(nameof(Rejected))]
    [Spec("12.2-1"), Spec("12.2-2"), Spec("12.2-3"), Spec("12.2-4")]
    public void What_the_spec_s_decoder_refuses_is_refused(string name)
    {
        JsonElement vector = Find("must_reject", name);
        LinkErrorCode error = MediaCode.Decode(vector.Hex("code"), Before(vector), out byte[] samples);
        Assert.Equal(vector.GetProperty("error").GetInt32(), (int)error);
        Assert.Empty(samples);
    }

    [PythonFact]
    public void The_plain_reference_agrees_with_the_short_codes() => RunReference("media_codes.py", 200);

    [PythonFact]
    [Trait("Category", "Long")]
    public void The_plain_reference_agrees_with_all_codes() => RunReference("media_codes.py", int.MaxValue);

    [PythonFact]
    public void The_plain_reference_agrees_with_the_carried_forms() => RunReference("media.py", 0);

    private static byte[] Before(JsonElement vector) => vector.TryGetProperty("before", out _)
        ? vector.Hex("before")
        : [];

    // By the sizes that the code itself begins with.
    private static byte[] Encode(byte[] code, byte[] before, byte[] samples)
    {
        if ((MediaKind)code[0] == MediaKind.Video)
        {
            Assert.True(VideoHeader.TryRead(code.AsSpan(1), out VideoHeader video, out _));
            return [code[0], .. VideoEncoder.Encode(video, before, samples)];
        }

        if ((MediaKind)code[0] == MediaKind.Image)
        {
            Assert.True(ImageHeader.TryRead(code.AsSpan(1), out ImageHeader image, out _));
            ushort[] values = new ushort[image.Samples];
            SampleBytes.Read(samples, (image.BitDepth + 7) / 8, values);
            return [code[0], .. ImageEncoder.Encode(new SamplePlanes(image.Width, image.Height, image.Planes,
                image.BitDepth, values))];
        }

        if ((MediaKind)code[0] is MediaKind.Cube or MediaKind.Fast)
        {
            Assert.True(CubeHeader.TryRead(code.AsSpan(1), out CubeHeader cube, out _));
            ushort[] bands = new ushort[cube.Samples];
            SampleBytes.Read(samples, (cube.BitDepth + 7) / 8, bands);
            return [code[0], .. (MediaKind)code[0] == MediaKind.Cube
                ? CubeTile.Encode(cube, bands)
                : FastTile.Encode(cube, bands)];
        }

        if ((MediaKind)code[0] == MediaKind.Signal)
        {
            Assert.True(SignalHeader.TryRead(code.AsSpan(1), out SignalHeader signal, out _));
            int[] said = new int[signal.Samples];
            SampleBytes.Read(samples, (signal.Format.BitDepth + 7) / 8, said);
            return [code[0], .. SignalSegment.Encode(signal.Format, said)];
        }

        Assert.True(AudioHeader.TryRead(code.AsSpan(1), out AudioHeader sound, out _));
        int[] times = new int[sound.Samples];
        SampleBytes.Read(samples, (sound.Format.BitDepth + 7) / 8, times);
        return [code[0], .. new AudioEncoder(sound.Format).Encode(times)];
    }

    private static void RunReference(string script, int quickBytes)
    {
        ProcessStartInfo start = new(PythonFactAttribute.Python!,
            ["-B", Path.Combine(VectorFile.SpecFolder, "reference", script)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MEDIA_CODES_QUICK"] = quickBytes.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        Assert.Matches(@"\d+ (vectors held|valid)", output);
    }

    private static TheoryData<string> Names(string list) =>
        [.. Vectors.Value.GetProperty(list).EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    private static JsonElement Find(string list, string name) =>
        Vectors.Value.GetProperty(list).EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
}
