using LinkCodec.Core.Coding;
using Xunit;

namespace LinkCodec.Tests.Coding;

public class RangeCoderCheckpointTests
{
    public static TheoryData<ulong> Seeds => TestRandom.Seeds(40);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Symbols_taken_back_were_never_coded(ulong seed)
    {
        var random = new TestRandom(seed);
        var encoder = new RangeEncoder();
        var kept = new List<Interval>();
        for (int i = 0; i < 30; i++)
        {
            Interval[] good = random.Intervals(random.Next(20));
            encoder.EncodeAll(good);
            kept.AddRange(good);
            RangeEncoder.Checkpoint checkpoint = encoder.Save();
            for (int tries = random.Next(3); tries > 0; tries--)
            {
                encoder.EncodeAll(random.Intervals(random.Next(200)));
                if (random.Next(2) == 0)
                {
                    encoder.Finish();
                }

                encoder.Restore(checkpoint);
            }
        }

        Assert.Equal(Coder.Encode(kept), encoder.Finish().ToArray());
    }

    [Fact]
    public void A_carry_taken_back_leaves_the_pending_bytes_as_they_were()
    {
        const uint Top = 1 << 24;
        List<Interval> undecided = Coder.Follow([0x80], 50, 24, position => new Interval(position - 1, 2, 24));
        Interval[] above = [.. Enumerable.Repeat(new Interval(Top - 1, 1, 24), 20)];
        Interval[] below = [.. Enumerable.Repeat(new Interval(0, 1, 24), 20)];
        var encoder = new RangeEncoder();
        encoder.EncodeAll(undecided);
        RangeEncoder.Checkpoint checkpoint = encoder.Save();
        encoder.EncodeAll(above);
        Assert.Equal(0x80, encoder.Finish()[0]);
        encoder.Restore(checkpoint);
        encoder.EncodeAll(below);
        byte[] code = encoder.Finish().ToArray();
        Assert.Equal(0x7F, code[0]);
        Assert.Equal(Coder.Encode([.. undecided, .. below]), code);
    }

    [Fact]
    public void A_reset_encoder_is_a_new_one()
    {
        Interval[] intervals = new TestRandom(1).Intervals(500);
        var encoder = new RangeEncoder();
        encoder.EncodeAll(new TestRandom(2).Intervals(900));
        encoder.Finish();
        encoder.Reset();
        encoder.EncodeAll(intervals);
        Assert.Equal(Coder.Encode(intervals), encoder.Finish().ToArray());
    }

    [Fact]
    public void What_is_no_checkpoint_is_refused()
    {
        var encoder = new RangeEncoder();
        Assert.Throws<ArgumentException>(() => encoder.Restore(default));
        encoder.EncodeAll(new TestRandom(1).Intervals(500));
        RangeEncoder.Checkpoint later = encoder.Save();
        encoder.Reset();
        Assert.Throws<ArgumentException>(() => encoder.Restore(later));
    }
}
