using System.Runtime.InteropServices;

namespace LinkCodec.Peers;

/// <summary>Trains a Zstandard dictionary from example messages.</summary>
internal static class ZstdDictionary
{
    /// <summary>The size that the zstd command uses by default, in bytes.</summary>
    public const int MaxLength = 112_640;

    private const int MinLength = 1_024;
    private const int MaxSampleBytes = 12_000_000;

    /// <summary>
    /// A dictionary of at most <see cref="MaxLength"/> bytes; smaller where the examples are few. Deterministic. Takes some seconds for
    /// megabytes of examples; what goes beyond 12 MB is left out.
    /// </summary>
    /// <exception cref="PeerException">The examples are too few to train any dictionary, or libzstd is not installed.</exception>
    public static byte[] Train(IEnumerable<byte[]> examples)
    {
        if (NativeZstd.Unavailable is { } reason)
        {
            throw new PeerException(reason);
        }

        List<byte> samples = [];
        List<nuint> lengths = [];
        foreach (byte[] example in examples.Where(example => example.Length > 0))
        {
            if (samples.Count + example.Length > MaxSampleBytes)
            {
                break;
            }

            samples.AddRange(example);
            lengths.Add((nuint)example.Length);
        }

        byte[] dictionary = new byte[MaxLength];
        for (int capacity = MaxLength; capacity >= MinLength && lengths.Count > 0; capacity /= 2)
        {
            nuint answer = NativeZstd.Train(ref dictionary[0], (nuint)capacity, ref MemoryMarshal.GetReference(CollectionsMarshal.AsSpan(samples)),
                ref MemoryMarshal.GetReference(CollectionsMarshal.AsSpan(lengths)), (uint)lengths.Count);
            if (NativeZstd.IsError(answer) == 0)
            {
                return dictionary[..(int)answer];
            }
        }

        throw new PeerException($"{lengths.Count} examples of {samples.Count} bytes in all are too few to train a zstd dictionary");
    }
}
