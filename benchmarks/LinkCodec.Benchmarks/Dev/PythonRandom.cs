namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// Python's random module (MT19937): its shuffle and its randrange, so that the same sample can be drawn with Python's
/// tools.
/// </summary>
/// <remarks>Source: Matsumoto and Nishimura, "Mersenne Twister", 1998.</remarks>
internal sealed class PythonRandom
{
    private const int N = 624;
    private const int M = 397;
    private readonly uint[] _state = new uint[N];
    private int _index = N;

    public PythonRandom(uint seed)
    {
        _state[0] = 19_650_218;
        for (uint i = 1; i < N; i++)
        {
            _state[i] = (1_812_433_253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
        }

        // The key has one word: the seed.
        int at = 1;
        for (int k = 0; k < N; k++)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1_664_525)) + seed;
            at = Next(at);
        }

        for (int k = 0; k < N - 1; k++)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1_566_083_941)) - (uint)at;
            at = Next(at);
        }

        _state[0] = 0x8000_0000;
    }

    public void Shuffle<T>(IList<T> list)
    {
        for (int i = list.Count - 1; i > 0; i--)
        {
            int j = (int)Below((uint)i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }

    /// <summary>A number below a limit of 1 or more, as <c>randrange(limit)</c> gives it.</summary>
    public uint Below(uint limit)
    {
        int bits = 32 - System.Numerics.BitOperations.LeadingZeroCount(limit);
        uint value;
        do
        {
            value = NextWord() >> (32 - bits);
        }
        while (value >= limit);

        return value;
    }

    private int Next(int at)
    {
        if (++at < N)
        {
            return at;
        }

        _state[0] = _state[N - 1];
        return 1;
    }

    private uint NextWord()
    {
        if (_index == N)
        {
            for (int i = 0; i < N; i++)
            {
                uint y = (_state[i] & 0x8000_0000) | (_state[(i + 1) % N] & 0x7FFF_FFFF);
                _state[i] = _state[(i + M) % N] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908_B0DF);
            }

            _index = 0;
        }

        uint word = _state[_index++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C_5680;
        word ^= (word << 15) & 0xEFC6_0000;
        return word ^ (word >> 18);
    }
}
