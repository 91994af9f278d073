using System.Buffers.Binary;
using System.Numerics;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Bytes;
using Xunit;

namespace LinkCodec.Tests.Bytes;

public sealed class WeightsTableTests
{
    private static readonly byte[] Shipped = TestSnapshots.Table(TestSnapshots.Tiny);

    [Spec("7.3-1")]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(257)]
    [InlineData(300)]
    public void The_quick_lookup_equals_the_plain_one(int symbols)
    {
        WeightsTable table = WeightsTable.Parse(Shipped);
        RandomSource random = RandomSource.FromSeed(7);
        int[] logits = new int[symbols];
        uint[] quick = new uint[symbols];
        uint[] plain = new uint[symbols];
        for (int round = 0; round < 500; round++)
        {
            int spread = 1 << (round % 31);
            for (int i = 0; i < symbols; i++)
            {
                logits[i] = unchecked((int)random.NextUInt64()) % spread;
            }

            table.Fill(logits, quick);
            table.FillPlainly(logits, plain);
            Assert.Equal(plain, quick);
            Assert.Contains(quick, w => w == Predictor.MaxWeight);
        }
    }

    [Spec("7.3-1")]
    [Theory]
    [InlineData("models/snapshots/bytes-1")]
    [InlineData("tests/LinkCodec.Tests/Bytes/assets/tiny")]
    public void Snapshots_carry_the_table_of_the_spec(string folder)
    {
        byte[] table = TestSnapshots.Table(TestSnapshots.Find(folder));
        uint crc = uint.MaxValue;
        for (int i = 0; i < table.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, table[i]);
            if (i % 4 == 0)
            {
                double exact = i == 4 * 1023 ? 0 : Math.Exp(-i / 4 / 64.0) * (1 << 22);
                Assert.InRange(BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(i)) - exact, -0.500001, 0.500001);
            }
        }

        Assert.Equal(0x7D14BA67u, ~crc);
    }

    [Fact]
    public void Distances_beyond_the_range_of_integers_take_the_last_entry()
    {
        WeightsTable table = WeightsTable.Parse(Shipped);
        uint[] weights = new uint[4];
        table.Fill([int.MaxValue, int.MinValue, int.MaxValue - 1023, int.MaxValue - 64], weights);
        Assert.Equal([1u << 22, 0u, 0u, (uint)Math.Round((1 << 22) / Math.E)], weights);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(4097)]
    public void A_table_of_another_length_is_refused(int length) => AssertRefused(new byte[length]);

    [Fact]
    public void A_table_that_gives_the_best_symbol_nothing_is_refused() => AssertRefused(With(0, 0));

    [Fact]
    public void A_table_with_a_weight_above_the_limit_is_refused()
    {
        AssertRefused(With(500, Predictor.MaxWeight + 1));
        Assert.NotNull(WeightsTable.Parse(With(500, Predictor.MaxWeight)));
    }

    private static byte[] With(int entry, uint weight)
    {
        byte[] table = [.. Shipped];
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(entry * 4), weight);
        return table;
    }

    private static void AssertRefused(byte[] table) =>
        Assert.Equal(LinkErrorCode.SnapshotNotFound,
            Assert.Throws<LinkException>(() => WeightsTable.Parse(table)).Code);
}
