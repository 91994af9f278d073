using System.Text;
using LinkCodec.Baselines;
using Xunit;

namespace LinkCodec.Tests.Baselines;

public sealed class BaselineTests : IDisposable
{
    private static readonly byte[][] Examples = [.. Enumerable.Range(0, 2000).Select(i =>
        Encoding.ASCII.GetBytes($"{{\"sensor\":{i % 7},\"temperature\":"
            + $"{20 + (i % 13)}.{i % 10},\"status\":\"nominal\",\"sequence\":{i}}}"))];

    private readonly IReadOnlyList<BaselineEntry> _baselines = BaselineCatalog.Create(Examples);

    public void Dispose()
    {
        foreach (BaselineEntry baseline in _baselines)
        {
            baseline.Dispose();
        }
    }

    [Fact]
    public void Every_baseline_is_usable_or_says_why_not() =>
        Assert.All(_baselines, baseline => Assert.True(
            baseline.Codec is null ? baseline.Unavailable!.Length > 10 : baseline.Codec.Name == baseline.Name));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(70_000)]
    public void Every_baseline_gives_back_what_it_took(int length)
    {
        byte[] noise = new byte[length];
        LinkCodec.Core.Primitives.RandomSource.FromSeed((ulong)length).Fill(noise);
        byte[] text = [.. Enumerable.Range(0, length).Select(i => (byte)"the quick brown fox "[i % 20])];
        foreach (IBaselineCodec baseline in _baselines.Select(baseline => baseline.Codec).OfType<IBaselineCodec>())
        {
            Assert.Equal(noise, baseline.Decompress(baseline.Compress(noise), length));
            Assert.Equal(text, baseline.Decompress(baseline.Compress(text), length));
        }
    }

    [Fact]
    public void Garbage_is_a_baseline_exception_and_nothing_else()
    {
        foreach (IBaselineCodec baseline in _baselines.Select(baseline => baseline.Codec).OfType<IBaselineCodec>())
        {
            Assert.Throws<BaselineException>(() => baseline.Decompress([0xFF, 0xFE, 0xFD], 100));
        }
    }

    [Fact]
    public void A_dictionary_helps_on_messages_like_its_examples()
    {
        long plain = Measure("zstd 19"), primed = Measure("zstd 19 with dictionary");
        Assert.InRange(primed, 1, plain / 2);
    }

    [Fact]
    public void No_message_costs_more_than_one_byte_over_raw()
    {
        byte[][] pairs = [.. Enumerable.Range(0, 64).Select(i => new[] { (byte)i, (byte)(255 - i) })];
        Assert.All(_baselines.Where(baseline => baseline.Codec is { WholeFilesOnly: false }),
            baseline => Assert.InRange(BaselineMeasurement.Of(baseline.Codec!, pairs).CodedBytes, 1, 3 * 64));
    }

    [Fact]
    public void A_baseline_that_loses_a_byte_is_caught() =>
        Assert.Throws<BaselineException>(() => BaselineMeasurement.Of(new LossyBaseline(), [[1, 2, 3]]));

    [Fact]
    public void Too_few_examples_are_a_reason_and_no_crash()
    {
        string? reason = BaselineCatalog.Create([[1], [2]])
            .Single(baseline => baseline.Name == "zstd 19 with dictionary").Unavailable;
        Assert.Contains("too few", reason!, StringComparison.Ordinal);
    }

    private long Measure(string name) =>
        BaselineMeasurement.Of(_baselines.Single(baseline => baseline.Name == name).Codec!, Examples[..300]).CodedBytes;

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
