using System.Text;
using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// Draws numbers that depend on a name alone: another file in the folder changes nothing of what is picked here.
/// </summary>
internal sealed class Draw
{
    private readonly RandomSource _random;

    internal Draw(string name)
    {
        ulong seed = 0xCBF2_9CE4_8422_2325; // FNV-1a
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            seed = (seed ^ value) * 0x100_0000_01B3;
        }

        _random = RandomSource.FromSeed(seed);
    }

    /// <summary>A number from 0 to <paramref name="below"/> - 1. The bias is less than 2^-32.</summary>
    internal int Below(int below) => (int)(_random.NextUInt64() % (ulong)below);

    /// <summary>The numbers from 0 to <paramref name="count"/> - 1 in random order.</summary>
    internal int[] Order(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
