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
}
