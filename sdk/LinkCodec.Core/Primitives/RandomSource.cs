using System.Security.Cryptography;

namespace LinkCodec.Core.Primitives;

/// <summary>A source of random bytes: the operating system in production, a seed in simulations and tests.</summary>
internal abstract class RandomSource
{
    /// <summary>The operating system's cryptographic generator. Thread-safe.</summary>
    public static RandomSource System { get; } = new SystemSource();

    /// <summary>Fills <paramref name="destination"/> with random bytes.</summary>
    public abstract void Fill(Span<byte> destination);

    /// <summary>A repeatable source for simulations and tests, never for keys. Not thread-safe.</summary>
    public static RandomSource FromSeed(ulong seed) => new SeededSource(seed);

    /// <summary>A uniform integer of 64 bits.</summary>
    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return global::System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private sealed class SystemSource : RandomSource
    {
        public override void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }

    /// <summary>
    /// SplitMix64 (Steele, Lea and Flood, 2014): equal on every platform, unlike System.Random across versions.
    /// </summary>
    private sealed class SeededSource(ulong seed) : RandomSource
    {
        private ulong _state = seed;

        public override void Fill(Span<byte> destination)
        {
            while (!destination.IsEmpty)
            {
                ulong z = _state += 0x9E37_79B9_7F4A_7C15;
                z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
                z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
                z ^= z >> 31;
                int n = Math.Min(8, destination.Length);
                for (int i = 0; i < n; i++)
                {
                    destination[i] = (byte)(z >> (8 * i));
                }

                destination = destination[n..];
            }
        }
    }
}
