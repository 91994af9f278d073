using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// The decisions on one sample of the fast coder: on which side of the prediction it is, how many bins away, and where
/// in the bin.
/// </summary>
/// <param name="mixer">Says how probable the answers are; contexts and weights are selected.</param>
/// <param name="level">The level of the error that is expected.</param>
internal readonly ref struct FastSample(CounterMixer mixer, int level)
{
    private const int Half = 32768;
    private const int Bins = 12; // of a side, before those whose number is written out

    // Kinds of decisions: the first; bins above and below; the length of a bin's number; the two upper bits in a bin.
    private const int Above = 1;
    private const int Below = Above + Bins;
    private const int Length = Below + Bins;
    private const int UpperBit = Length + 4;
    private const int SecondBit = UpperBit + 8;

    private readonly CounterMixer _mixer = mixer;

    /// <summary>Codes a sample.</summary>
    /// <param name="coder">Writes it, or reads it.</param>
    /// <param name="value">The sample, where it is known.</param>
    /// <param name="centre">The sample that is predicted, 1 at least.</param>
    /// <param name="most">The largest sample.</param>
    internal int Code<TCoder>(ref TCoder coder, int value, int centre, int most) // spec 13.8-9
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        bool isAbove = Decide(ref coder, 0, value >= centre);
        int limit = isAbove ? most - centre : centre - 1;
        int distance = isAbove ? value - centre : centre - 1 - value;
        int shift = ShiftOf(level);
        int wanted = distance >> shift;
        int bin = 0;
        while (bin < Bins && (bin + 1) << shift <= limit
            && Decide(ref coder, (isAbove ? Above : Below) + bin, wanted > bin))
        {
            bin++;
        }

        if (bin == Bins)
        {
            bin += CodeNumber(ref coder, wanted - Bins, (limit >> shift) - Bins);
        }

        int inside = 0;
        for (int bit = shift - 1; bit >= 0; bit--)
        {
            bool isSet = ((distance >> bit) & 1) != 0;
            int few = Math.Min(bin, 3);
            isSet = (shift - 1 - bit) switch
            {
                0 => Decide(ref coder, UpperBit + few + (isAbove ? 0 : 4), isSet),
                1 => Decide(ref coder, SecondBit + few, isSet),
                _ => coder.Code(Half, isSet),
            };
            inside |= isSet ? 1 << bit : 0;
        }

        // What no encoder writes may point beyond the scale.
        distance = Math.Min(limit, (bin << shift) | inside);
        return isAbove ? centre + distance : centre - 1 - distance;
    }

    // spec 13.8-4
    private static int ShiftOf(int level) => Math.Max(0, level - 3) * 2 / 5;

    // A number from 0 to the limit: how long it and 1 is, then its lower bits.
    private int CodeNumber<TCoder>(ref TCoder coder, int number, int limit)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        int length = 0;
        while ((2 << length) - 1 <= limit
            && Decide(ref coder, Length + Math.Min(length, 3), number + 1 >= 2 << length))
        {
            length++;
        }

        int result = 1;
        for (int bit = length - 1; bit >= 0; bit--)
        {
            result = (result << 1) | (coder.Code(Half, (((number + 1) >> bit) & 1) != 0) ? 1 : 0);
        }

        return result - 1;
    }

    private bool Decide<TCoder>(ref TCoder coder, int kind, bool isYes)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        isYes = coder.Code(_mixer.Predict(kind), isYes);
        _mixer.Learn(isYes);
        return isYes;
    }
}
