namespace LinkCodec.Core.Erasure;

/// <summary>The generator TinyMT32 of RFC 8682: the coefficients of repairs are drawn from it, equal at both
/// ends.</summary>
internal struct TinyMersenneTwister
{
    private const uint Matrix1 = 0x8F7011EE;
    private const uint Matrix2 = 0xFC78FF1F;
    private const uint Tempering = 0x3793FDFF;
    private const int InitialRounds = 8;

    private uint _s0;
    private uint _s1;
    private uint _s2;
    private uint _s3;

    /// <param name="seed">Any value.</param>
    public TinyMersenneTwister(uint seed)
    {
        Span<uint> state = [seed, Matrix1, Matrix2, Tempering];
        for (uint i = 1; i < InitialRounds; i++)
        {
            uint before = state[(int)(i - 1) & 3];
            state[(int)i & 3] ^= i + (1812433253 * (before ^ (before >> 30)));
        }

        (_s0, _s1, _s2, _s3) = (state[0], state[1], state[2], state[3]);
        for (int i = 0; i < InitialRounds; i++)
        {
            Step();
        }
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        Step();
        uint t1 = _s0 + (_s2 >> 8);
        return _s3 ^ t1 ^ (AllOnesWhereOdd(t1) & Tempering);
    }

    private void Step()
    {
        uint y = _s3;
        uint x = (_s0 & 0x7FFFFFFF) ^ _s1 ^ _s2;
        x ^= x << 1;
        y ^= (y >> 1) ^ x;
        uint odd = AllOnesWhereOdd(y);
        (_s0, _s1, _s2, _s3) = (_s1, _s2 ^ (odd & Matrix1), x ^ (y << 10) ^ (odd & Matrix2), y);
    }

    private static uint AllOnesWhereOdd(uint value) => 0 - (value & 1);
}
