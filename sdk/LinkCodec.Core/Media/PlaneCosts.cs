using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>What each sample of a plane cost, in 16ths of a bit: where the cost was high, it will be again.</summary>
internal sealed class PlaneCosts(int width, int height)
{
    private const byte Start16 = 24;

    private readonly int _stride = width + 2;
    private readonly byte[] _costs = new byte[(width + 2) * (height + 1)];

    /// <summary>Forgets all costs.</summary>
    internal void Start() => Array.Fill(_costs, Start16);

    /// <summary>The cost of a sample.</summary>
    internal int At(int x, int y) => _costs[((y + 1) * _stride) + x + 1];

    /// <summary>Six times the mean cost near by.</summary>
    internal int Around(int x, int y) // spec 13.4-7
    {
        int at = ((y + 1) * _stride) + x + 1;
        int above = at - _stride;
        return (2 * (_costs[at - 1] + _costs[above])) + _costs[above - 1] + _costs[above + 1];
    }

    /// <summary>Sets the cost of a sample, in 256ths of a bit.</summary>
    internal void Set(int x, int y, int cost) =>
        _costs[((y + 1) * _stride) + x + 1] = (byte)Math.Min(255, cost >> 4);

    /// <summary>Sets the margins of a row that is whole.</summary>
    internal void EndRow(int y)
    {
        int start = (y + 1) * _stride;
        _costs[start] = _costs[start + 1];
        _costs[start + _stride - 1] = _costs[start + _stride - 2];
    }

    /// <summary>What the samples of luma cost around each sample of chroma.</summary>
    internal static PlaneCosts OfLuma(PlaneCosts luma, VideoFormat format) // spec 14.4-4
    {
        PlaneCosts costs = new(format.WidthOf(1), format.HeightOf(1));
        for (int y = 0; y < format.HeightOf(1); y++)
        {
            int top = y << format.ShiftDown;
            int bottom = Math.Min(top + format.ShiftDown, format.Height - 1);
            for (int x = 0; x < format.WidthOf(1); x++)
            {
                int left = x << format.ShiftAcross;
                int right = Math.Min(left + format.ShiftAcross, format.Width - 1);
                int sum = luma.At(left, top) + luma.At(right, top) + luma.At(left, bottom) + luma.At(right, bottom);
                costs.Set(x, y, sum << 2);
            }
        }

        return costs;
    }

    /// <summary>
    /// What samples may cost that are predicted from two planes: the logarithm of how far these differ.
    /// </summary>
    internal static PlaneCosts OfDifference(ReadOnlySpan<ushort> first, ReadOnlySpan<ushort> second, int width,
        int height)
    {
        PlaneCosts costs = new(width, height); // spec 14.4-4
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                uint sum = 0;
                for (int i = 0; i < 9; i++)
                {
                    int at = (Math.Clamp(y - 1 + (i / 3), 0, height - 1) * width)
                        + Math.Clamp(x - 1 + (i % 3), 0, width - 1);
                    sum += (uint)Math.Abs(first[at] - second[at]);
                }

                costs.Set(x, y, LogisticTables.Log2(4 + (sum / 2)) - 512);
            }
        }

        return costs;
    }
}
