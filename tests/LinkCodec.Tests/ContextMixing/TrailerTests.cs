using LinkCodec.Core.ContextMixing;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>Checksums at the end of records of any kind.</summary>
[Spec("10.5-11")]
public sealed class TrailerTests
{
    public static TheoryData<string> Sums => ["crc32", "crc32-high", "crc24", "ccitt", "ccitt-zero", "modbus",
        "modbus-behind-head", "fletcher", "sum16", "xor", "sum8"];

    [Theory]
    [MemberData(nameof(Sums))]
    public void A_checksum_is_expected_once_it_has_held_in_two_records(string sum)
    {
        MixingMemory memory = new();
        byte[] record = [];
        int[] found = [];
        for (int i = 0; i < 4; i++)
        {
            (record, int bytes) = Record(sum, i);
            found = ContextMixingCode.Expected(MixingLayout.ChecksumByte, record, true, memory);
            Assert.All(found[..^4], value => Assert.Equal(-1, value));
            Assert.All(found, value => Assert.True(i > 0 || value == -1));
        }

        int width = Record(sum, 0).Bytes;
        Assert.Equal(record[^width..].Select(value => (int)value), found[^width..]);
    }

    [Fact]
    public void A_record_whose_header_states_its_length_may_change_it()
    {
        MixingMemory memory = new();
        for (int i = 0; i < 3; i++)
        {
            byte[] record = Stated(3 + i);
            ContextMixingCode.Expected(MixingLayout.ChecksumByte, record, true, memory);
        }

        byte[] last = Stated(9);
        int[] found = ContextMixingCode.Expected(MixingLayout.ChecksumByte, last, true, memory);
        Assert.Equal([-1, .. last[^2..].Select(value => (int)value)], found[^3..]);
    }

    // A space packet, whose fifth and sixth byte tell how long it is, with a CRC that begins with ones.
    private static byte[] Stated(int more)
    {
        byte[] body = [0x0C, 0x01, 0xC0, (byte)more, 0, (byte)(more + 1), .. Enumerable.Range(5 * more, more)
            .Select(i => (byte)(i * i))];
        return [.. body, .. Sum("ccitt", body)];
    }

    private static (byte[] Record, int Bytes) Record(string sum, int i)
    {
        byte[] body = [0x41, 0x17, (byte)(20 * i), 0, 0, 9, (byte)(i * i * 77), (byte)(200 + i), 0x55];
        byte[] trailer = sum == "modbus-behind-head" ? Sum("modbus", body[2..]) : Sum(sum, body);
        return ([.. body, .. trailer], trailer.Length);
    }

    private static byte[] Sum(string name, byte[] body) => name switch
    {
        "crc32" => BitConverter.GetBytes(~Reflected(body, 0xEDB88320, uint.MaxValue)),
        "crc32-high" => [.. BitConverter.GetBytes(~Reflected(body, 0xEDB88320, uint.MaxValue)).Reverse()],
        "crc24" => Bytes(Straight(body, 0x864CFB, 24, 0), 3),
        "ccitt" => Bytes(Straight(body, 0x1021, 16, 0xFFFF), 2),
        "ccitt-zero" => Bytes(Straight(body, 0x1021, 16, 0), 2),
        "modbus" => [.. Bytes(Reflected(body, 0xA001, 0xFFFF), 2).Reverse()],
        "fletcher" => [(byte)body.Sum(value => value),
            (byte)body.Select((value, i) => value * (body.Length - i)).Sum()],
        "sum16" => Bytes((uint)body.Sum(value => value), 2),
        "xor" => [body.Aggregate((byte)0, (sum, value) => (byte)(sum ^ value))],
        _ => [(byte)body.Sum(value => value)],
    };

    private static byte[] Bytes(uint value, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (byte)(value >> (8 * (count - 1 - i))))];

    private static uint Straight(byte[] body, uint polynomial, int bits, uint crc)
    {
        foreach (byte value in body)
        {
            crc ^= (uint)value << (bits - 8);
            for (int bit = 0; bit < 8; bit++)
            {
                crc = ((crc >> (bits - 1)) & 1) != 0 ? (crc << 1) ^ polynomial : crc << 1;
                crc &= (1u << bits) - 1;
            }
        }

        return crc;
    }

    private static uint Reflected(byte[] body, uint polynomial, uint crc)
    {
        foreach (byte value in body)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            }
        }

        return crc;
    }
}
