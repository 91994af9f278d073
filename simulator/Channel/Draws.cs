using System.Security.Cryptography;
using System.Text;

namespace LinkCodec.Simulator.Channel;

/// <summary>Random draws that depend on the seed, the rule and the datagram's number, and on nothing else.</summary>
/// <remarks>
/// With them neither another rule nor another datagram's fate shifts a rule's draws. They are SplitMix64 (Steele, Lea
/// and Flood, 2014): only additions, multiplications and comparisons, hence the same on every machine.
/// </remarks>
internal struct Draws(ulong stream, ulong number)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private ulong _state = Mix(stream + (Mix(number + Step) | 1));

    /// <summary>The stream of one rule: from the seed of the whole link and the rule's name in it.</summary>
    public static ulong StreamOf(ulong seed, string name)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(null, $"{seed:x16} {name}")));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    public ulong Next()
    {
        _state += Step;
        return Mix(_state);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => NextUnit() < probability;

    /// <summary>Uniform in [0, span), whole microseconds.</summary>
    public TimeSpan NextSpan(TimeSpan span) =>
        TimeSpan.FromMicroseconds((long)(NextUnit() * (span.Ticks / TimeSpan.TicksPerMicrosecond)));

    /// <summary>Uniform in 0..<paramref name="limit"/>-1.</summary>
    public int NextBelow(int limit) => (int)(NextUnit() * limit);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
