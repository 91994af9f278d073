using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Corruption;

/// <summary>Flips each bit with the same probability: a bit error rate.</summary>
internal sealed class BitErrors(double rate) : IChannelRule
{
    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws)
    {
        int flipped = 0;
        for (int bit = 0; bit < datagram.Length * 8; bit++)
        {
            if (draws.Chance(rate))
            {
                datagram[bit >> 3] ^= (byte)(1 << (bit & 7));
                flipped++;
            }
        }

        return Verdict.Flipped(flipped);
    }
}
