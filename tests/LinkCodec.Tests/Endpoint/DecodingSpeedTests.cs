using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;

namespace LinkCodec.Tests.Endpoint;

/// <summary>What a receiver tells of its speed, and what a sender makes of such maps.</summary>
public sealed class DecodingSpeedTests
{
    [Fact]
    public void A_speed_is_told_once_it_was_measured_and_again_when_it_has_changed()
    {
        DecodingSpeed speed = new();
        speed.OnDecoded(10_000, 1);
        Assert.Null(speed.Tell(At(0)));
        speed.OnDecoded(10_000, 1);
        Assert.Equal(10_000, DecodingSpeed.Read(speed.Tell(At(1))!));
        Assert.Null(speed.Tell(At(20)));
        for (int i = 0; i < 20; i++)
        {
            speed.OnDecoded(10_000, 2);
        }

        Assert.Null(speed.Tell(At(5))); // Not so soon.
        Assert.InRange(DecodingSpeed.Read(speed.Tell(At(12))!)!.Value, 5_000, 5_050);
        Assert.Null(speed.Tell(At(40)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8104")]           // cut short
    [InlineData("810400")]         // no speed is 0
    [InlineData("8104ff")]         // nor below
    [InlineData("8104a161")]       // a text
    [InlineData("8204dfffffffff")] // a map of 2^32 - 1 entries
    [InlineData("810100")]         // of something else
    public void A_map_without_a_speed_tells_none(string hex) =>
        Assert.Null(DecodingSpeed.Read(Convert.FromHexString(hex)));

    [Fact]
    public void Whatever_a_peer_sends_is_read_without_harm()
    {
        TestRandom random = new(77);
        for (int i = 0; i < 2000; i++)
        {
            byte[] map = random.Bytes(random.Next(40));
            if (map.Length > 0)
            {
                map[0] = (byte)(0x80 | (map[0] & 3));
            }

            if (ControlMap.Read(map) is { } entries)
            {
                Assert.InRange(entries.Count, 0, 3);
            }
        }

        Assert.Equal(7UL, ControlMap.Read(ControlMap.Write((1, 0UL), (9, 7UL)))![9]);
    }

    private static Timestamp At(double seconds) => new((long)(seconds * 1e6));
}
