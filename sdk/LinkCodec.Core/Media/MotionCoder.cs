using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>Codes the vectors of blocks: each as what it differs from the one expected.</summary>
internal sealed class MotionCoder
{
    private const int Adaption = 4;
    private const int Sizes = 14;
    private const int Rows = 3 + Sizes;

    private readonly ushort[] _probabilities = new ushort[2 * 2 * Rows];

    internal MotionCoder() => Array.Fill(_probabilities, (ushort)32768);

    /// <summary>Codes a field.</summary>
    /// <param name="coder">Writes the vectors or reads them.</param>
    /// <param name="field">The vectors; filled where the coder reads.</param>
    internal void Code<TCoder>(ref TCoder coder, MotionField field)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        int before = 0; // spec 14.2-1
        for (int row = 0; row < field.Down; row++)
        {
            for (int column = 0; column < field.Across; column++)
            {
                (int x, int y) = field.Expected(column, row);
                ref (int X, int Y) vector = ref field[column, row];
                int differsX = Difference(ref coder, vector.X - x, before);
                int differsY = Difference(ref coder, vector.Y - y, 2 + (differsX == 0 ? 0 : 1));
                before = (differsX | differsY) == 0 ? 0 : 1;
                vector = (Limit(x + differsX), Limit(y + differsY));
            }
        }
    }

    private static int Limit(int value) => Math.Clamp(value, -MotionField.Longest, MotionField.Longest);

    private int Difference<TCoder>(ref TCoder coder, int value, int context)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        int start = context * Rows; // spec 14.2-2
        if (!Bit(ref coder, start, value != 0))
        {
            return 0;
        }

        bool isNegative = Bit(ref coder, start + 1, value < 0);
        int size = Math.Abs(value);
        int bits = 0;
        while (bits < Sizes - 1 && Bit(ref coder, start + 3 + bits, size >> (bits + 1) != 0))
        {
            bits++;
        }

        int result = 1;
        for (int i = bits - 1; i >= 0; i--)
        {
            bool isSet = ((size >> i) & 1) != 0;
            isSet = i == bits - 1 ? Bit(ref coder, start + 2, isSet) : coder.Code(32768, isSet);
            result = (result << 1) | (isSet ? 1 : 0);
        }

        return isNegative ? -result : result;
    }

    private bool Bit<TCoder>(ref TCoder coder, int at, bool isSet)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        ref ushort probability = ref _probabilities[at]; // spec 14.2-3
        isSet = coder.Code(probability, isSet);
        int target = isSet ? 65535 : 0;
        probability = (ushort)Math.Clamp(probability + ((target - probability) >> Adaption), 64, 65472);
        return isSet;
    }
}
