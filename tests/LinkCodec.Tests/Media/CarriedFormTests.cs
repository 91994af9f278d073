using System.Text.Json;
using LinkCodec.Core.Media;
using LinkCodec.Media;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>protocol-spec/vectors/media.json, which protocol-spec/reference/media.py reads too.</summary>
public sealed class CarriedFormTests
{
    private static readonly Lazy<JsonElement> Vectors =
        new(() => JsonDocument.Parse(Repository.Read("protocol-spec/vectors/media.json")).RootElement);

    public static TheoryData<string> Valid => Names("valid");

    public static TheoryData<string> Rejected => Names("must_reject");

    public static TheoryData<string> Pngs => Names("png");

    public static TheoryData<string> Films => Names("y4m");

    [Theory]
    [MemberData(nameof(Valid))]
    [Spec("12.1-2")]
    [Spec("12.1-3")]
    public void A_form_has_the_parts_that_the_vectors_say(string name)
    {
        byte[] content = Bytes("valid", name, "content");
        JsonElement expected = Find("valid", name).GetProperty("form");
        Assert.True(CarriedForm.TryRead(content, out CarriedForm form));
        Assert.Equal(expected.GetProperty("kind").GetInt32(), (int)form.Kind);
        if (form.Kind == MediaKind.Bytes)
        {
            Assert.Equal(expected.GetProperty("content").GetString(), Convert.ToHexStringLower(content[form.Start..]));
            return;
        }

        Assert.Equal(expected.GetProperty("parts").EnumerateArray().Select(part => (part[0].GetInt32(),
            part[1].GetInt32())), Enumerable.Range(0, form.PartCount).Select(form.Part));
        Assert.Equal(expected.GetProperty("wrapper").GetString(),
            Convert.ToHexStringLower(content.AsSpan(form.Start - form.WrapperLength, form.WrapperLength)));
    }

    [Theory]
    [MemberData(nameof(Rejected))]
    [Spec("12.1-2")]
    [Spec("12.1-3")]
    public void What_breaks_a_rule_is_no_form_and_comes_out_as_it_is(string name)
    {
        byte[] content = Bytes("must_reject", name, "content");
        Assert.False(CarriedForm.TryRead(content, out _));
        Assert.Equal(content, MediaMessage.Restore(content).ToArray());
        Assert.Equal(content, MediaMessage.Carry(content, new MediaOptions { Kind = MessageKind.Bytes }).ToArray());
    }

    [Theory]
    [MemberData(nameof(Valid))]
    [Spec("12.1-1")]
    public void A_message_that_is_a_form_itself_comes_out_as_it_is(string name)
    {
        byte[] content = Bytes("valid", name, "content");
        ReadOnlyMemory<byte> carried = MediaMessage.Carry(content, new MediaOptions { Kind = MessageKind.Bytes });
        Assert.NotEqual(content, carried.ToArray());
        Assert.Equal(content, MediaMessage.Restore(carried).ToArray());
    }

    [Theory]
    [MemberData(nameof(Pngs))]
    [Spec("12.4-1")]
    public void A_png_that_zlib_made_is_carried_by_its_samples_and_restored(string name)
    {
        byte[] file = Bytes("png", name, "file");
        Assert.Equal(file, MediaMessage.Restore(Bytes("png", name, "content")).ToArray());
        ReadOnlyMemory<byte> carried = MediaMessage.Carry(file);
        Assert.True(CarriedForm.TryRead(carried.Span, out CarriedForm form));
        Assert.Equal(MediaKind.Image, form.Kind);
        Assert.Equal(file, MediaMessage.Restore(carried).ToArray());
    }

    [Theory]
    [MemberData(nameof(Films))]
    [Spec("12.4-1")]
    public void A_y4m_is_carried_by_its_samples_and_restored(string name)
    {
        byte[] file = Bytes("y4m", name, "file");
        byte[] content = Bytes("y4m", name, "content");
        Assert.Equal(file, MediaMessage.Restore(content).ToArray());
        ReadOnlyMemory<byte> carried = MediaMessage.Carry(file);
        Assert.True(CarriedForm.TryRead(carried.Span, out CarriedForm form));
        Assert.Equal(MediaKind.Video, form.Kind);
        Assert.Equal(file, MediaMessage.Restore(carried).ToArray());
        Assert.True(CarriedForm.TryRead(content, out form));
        TestRandom random = new(6);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. content];
            damaged[form.Start - 1 - random.Next(form.WrapperLength)] ^= (byte)(1 + random.Next(255));
            Assert.False(MediaMessage.Restore(damaged).IsEmpty); // spec 12.4-2
        }
    }

    [Theory]
    [MemberData(nameof(Pngs))]
    [Spec("12.4-2")]
    public void A_damaged_wrapper_gives_the_form_or_a_file_and_no_exception(string name)
    {
        byte[] content = Bytes("png", name, "content");
        Assert.True(CarriedForm.TryRead(content, out CarriedForm form));
        TestRandom random = new(12);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. content];
            damaged[form.Start - 1 - random.Next(form.WrapperLength)] ^= (byte)(1 + random.Next(255));
            Assert.False(MediaMessage.Restore(damaged).IsEmpty);
        }

        content[form.Start - form.WrapperLength] = 99;
        Assert.Equal(content, MediaMessage.Restore(content).ToArray());
    }

    private static TheoryData<string> Names(string list) =>
        [.. Vectors.Value.GetProperty(list).EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    private static JsonElement Find(string list, string name) =>
        Vectors.Value.GetProperty(list).EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    private static byte[] Bytes(string list, string name, string field) =>
        Convert.FromHexString(Find(list, name).GetProperty(field).GetString()!);
}
