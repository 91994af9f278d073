using System.Buffers.Binary;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.ModelBuilder.Training;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

public sealed class ContextMixingFileTests
{
    private const int Head = 2 + 1 + 9; // up to the hint of the first profile, "profile-0"

    /// <summary>Places in a file, what is written there, and a word of the fault.</summary>
    public static TheoryData<int, byte[], string> Bad => new()
    {
        { 0, [1], "layout 1" },
        { 0, [3], "layout 3" },
        { 0, [0], "layout 0" },
        { 1, [0], "0 profiles" },
        { 1, [33], "33 profiles" },
        { 1, [3], "profile 2" },
        { 1, [1], "another length" },
        { 2, [0], "profile 0" },
        { 2, [33], "profile 0" },
        { 4, [0x20], "profile 0" },
        { 4, [0x7F], "profile 0" },
        { 4, [0xC3], "profile 0" },
        { Head, [10], "profile 0" },
        { Head + 1, [9], "profile 0" },
        { Head + 2, [2], "profile 0" },
        { Head + 3, [0, 4, 0, 0], "profile 0" },
        { Head + 3, [0xF0, 3, 0xF0, 3], "profile 0" },
        { Head + 7 + Maps, [1, 0, 8, 0], "profile 0" },
        { Head + 7 + Maps, [0xFF, 0xFF, 0xF7, 0xFF], "profile 0" },
        { Head + 7 + Maps + (4 * 34176), [0, 0, 0, 0x80], "profile 0" },
        { Head + 7 + Maps + (4 * (34176 + 1024)), [0xFF, 0xFF, 0xFF, 0x7F], "profile 0" },
    };

    private static int Maps => 2 * ((16 * 4096) + (13 * 1024) + (12 * 2048) + 4128 + (2 * 64 * 256));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Spec("10.10-3")]
    public void What_is_written_is_read(bool withNetworks)
    {
        (byte[] file, byte[] dictionary) = TrainedModels.Files(withNetworks);
        Assert.True(MixingModel.TryRead(file, dictionary, out MixingModel? model, out string fault), fault);
        Assert.True(ContextMixingFile.TryUnpack(file, 64 << 20, out byte[] content));
        Assert.Equal(content, ContextMixingFile.Content(model));
        Assert.Equal(["prose", "nmea", "json", "binary", "csv"], model.ProfileNames);
        Assert.Equal((withNetworks ? 2 : 0, true), (model.NetworkCount, model.DictionaryLength > 1000));
        Assert.True(MixingModel.TryRead(file, [], out model, out fault), fault);
        Assert.Equal(0, model.DictionaryLength);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    [Spec("10.10-2")]
    public void What_breaks_the_layout_or_a_limit_is_refused(int at, byte[] bytes, string word)
    {
        byte[] content = SmallModel.Content(2);
        bytes.CopyTo(content, at);
        Assert.False(MixingModel.TryRead(SmallModel.Wrap(content), [], out MixingModel? model, out string fault));
        Assert.Null(model);
        Assert.Contains(word, fault, StringComparison.Ordinal);
    }

    [Fact]
    [Spec("10.10-2")]
    public void The_largest_values_are_taken()
    {
        byte[] content = SmallModel.Content(2);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(Head + 3), 1000);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(Head + 5), 23);
        (content[Head], content[Head + 1]) = (9, 8);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(Head + 7 + Maps), 1 << 19);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(Head + 11 + Maps), -(1 << 19));
        Assert.True(MixingModel.TryRead(SmallModel.Wrap(content), [], out MixingModel? model, out string fault), fault);
        Assert.Equal(8, model.NetworkCount);
    }

    [Fact]
    [Spec("10.10-1"), Spec("10.10-3")]
    public void Another_length_is_refused()
    {
        byte[] content = SmallModel.Content(1);
        int[] lengths = [0, 1, 2, 3, Head - 1, Head + 6, Head + 7, 5000, 200_000, 280_000, content.Length - 2241,
            content.Length - 2240, content.Length - 1, content.Length + 1];
        foreach (int length in lengths)
        {
            byte[] other = new byte[length];
            content.AsSpan(0, Math.Min(length, content.Length)).CopyTo(other);
            Assert.False(MixingModel.TryRead(SmallModel.Wrap(other), [], out _, out string fault));
            Assert.NotEqual("", fault);
        }
    }

    [Fact]
    [Spec("10.10-1")]
    public void Files_that_do_not_unpack_are_refused()
    {
        byte[] content = SmallModel.Content(1);
        byte[] good = SmallModel.Wrap(content);
        Assert.True(MixingModel.TryRead(good, [], out _, out _));
        foreach (byte[] file in (byte[][])[[], [1], [1, 2, 3], [0, 0, 0, 0], good[..4],
            good[..^1], good[..(good.Length / 2)], SmallModel.Wrap(content, (uint)content.Length - 1),
            SmallModel.Wrap(content, (uint)content.Length + 1), SmallModel.Wrap(content, uint.MaxValue),
            SmallModel.Wrap(content, (64 << 20) + 1), [.. good[..4], .. Enumerable.Repeat((byte)0xFF, 40)]])
        {
            Assert.False(MixingModel.TryRead(file, [], out _, out string fault));
            Assert.NotEqual("", fault);
            if (file.Length > 0)
            {
                Assert.False(MixingModel.TryRead(good, file, out _, out fault));
                Assert.Contains("dictionary", fault, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_dictionary_of_any_length_is_taken(int length)
    {
        byte[] dictionary = ContextMixingFile.Wrap(Enumerable.Repeat((byte)'a', length).ToArray());
        Assert.True(
            MixingModel.TryRead(SmallModel.Wrap(SmallModel.Content(1)), dictionary, out MixingModel? model, out _));
        Assert.Equal(length, model.DictionaryLength);
        using ContextMixingPredictor predictor = new(model, []);
        byte[] message = "aaaaaaaaaaaaaaa"u8.ToArray();
        Assert.Equal(message, ContextMixingCode.Decode(predictor,
            ContextMixingCode.Encode(predictor, message, ContentHint.Auto, null), null));
    }

    [Theory]
    [InlineData("", -1, 1, 1)]
    [InlineData("a b", -1, 1, 1)]
    [InlineData("a", 0, 1, 1)]
    [InlineData("a", -2, 1, 1)]
    [InlineData("a", -1, 1000, 24)]
    [InlineData("a", -1, -1, 1)]
    public void The_trainer_refuses_what_no_file_could_hold(string name, int network, int rate, int startRate) =>
        Assert.Throws<ArgumentException>(() => new ContextMixingTrainer(
            [new ProfileSpec(name, ContentHint.Auto, network, false, rate, startRate)], [], []));
}
