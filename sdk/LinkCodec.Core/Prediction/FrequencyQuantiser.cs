namespace LinkCodec.Core.Prediction;

/// <summary>
/// Turns a model's weights into frequencies whose sum is a power of two: the door after which everything is integers.
/// </summary>
/// <remarks>
/// With S the sum of the weights, E(i) the sum of those before symbol i, n the number of allowed symbols and a(i) of
/// those before i, the interval of symbol i starts at floor(E(i) * (2^bits - n) / S) + a(i). So every allowed symbol
/// keeps at least one slot, no other symbol has any, the sum is exact, and with two symbols or more none has it all.
/// Only the ends that are asked for are divided: one symbol costs two divisions to encode, a binary search to decode.
/// Not thread-safe. Spec: protocol-spec/05-coding.md, section 3.
/// </remarks>
internal sealed class FrequencyQuantiser
{
    private readonly ulong[] _before; // E(0)..E(V)
    private readonly uint[] _allowedBefore;
    private readonly uint _total;
    private ulong _scale;
    private bool _masked = true; // Whether _allowedBefore holds something else than 0, 1, 2 ...

    /// <summary>Makes a quantiser for an alphabet.</summary>
    /// <param name="alphabetSize">Symbols of the alphabet, 2 to 2^18.</param>
    /// <param name="bits">Binary logarithm of the frequencies' sum, 16 to 24; the sum is at least twice the
    /// alphabet.</param>
    public FrequencyQuantiser(int alphabetSize, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alphabetSize, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alphabetSize, 1 << 18);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 24);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alphabetSize, 1 << (bits - 1));
        _before = new ulong[alphabetSize + 1];
        _allowedBefore = new uint[alphabetSize + 1];
        _total = 1u << bits;
        Bits = bits;
    }

    /// <summary>Binary logarithm of the frequencies' sum.</summary>
    public int Bits { get; }

    /// <summary>Symbols in the alphabet.</summary>
    public int AlphabetSize => _before.Length - 1;

    /// <summary>Takes the weights of the next symbol, every symbol allowed. Linear in the alphabet.</summary>
    /// <param name="weights">The weight of each symbol, at most <see cref="Predictor.MaxWeight"/>, not all
    /// zero.</param>
    public void Load(ReadOnlySpan<uint> weights) => Load(weights, default);

    /// <summary>
    /// Takes the weights of the next symbol and which symbols may come at all. Linear in the alphabet.
    /// </summary>
    /// <param name="weights">The weight of each symbol, at most <see cref="Predictor.MaxWeight"/>; those of the allowed
    /// ones not all zero.</param>
    /// <param name="allowed">Whether each symbol is allowed, at least two of them, or empty for all.</param>
    /// <exception cref="ArgumentException">A length, a weight or the mask breaks these rules.</exception>
    public void Load(ReadOnlySpan<uint> weights, ReadOnlySpan<bool> allowed)
    {
        int n = AlphabetSize;
        if (weights.Length != n || (!allowed.IsEmpty && allowed.Length != n))
        {
            throw new ArgumentException($"Expected {n} weights, and a mask of that length or none.", nameof(weights));
        }

        _before[n] = 0; // Until the new weights have proved good.
        uint largest = allowed.IsEmpty ? Sum(weights) : Sum(weights, allowed);
        uint count = _allowedBefore[n];
        if (_before[n] == 0 || count < 2 || largest > Predictor.MaxWeight) // spec 5.3-2
        {
            _before[n] = 0;
            throw new ArgumentException("Two symbols must be allowed, one of them with weight, none above the limit.",
                nameof(weights));
        }

        _scale = _total - count;
    }

    /// <summary>The start of the interval of <paramref name="symbol"/>; for the alphabet's size, the sum.</summary>
    /// <exception cref="InvalidOperationException">No weights are loaded.</exception>
    public uint Cumulative(int symbol)
    {
        ThrowIfEmpty();
        return Start(symbol);
    }

    /// <summary>The interval of a symbol; its frequency is 0 when the mask forbids it.</summary>
    /// <exception cref="InvalidOperationException">No weights are loaded.</exception>
    public (uint Cumulative, uint Frequency) Interval(int symbol)
    {
        ThrowIfEmpty();
        uint start = Start(symbol);
        return (start, Start(symbol + 1) - start);
    }

    /// <summary>
    /// The symbol whose interval holds <paramref name="position"/>, which is below the sum, and that interval.
    /// </summary>
    /// <exception cref="InvalidOperationException">No weights are loaded.</exception>
    public int Find(uint position, out uint cumulative, out uint frequency)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, _total);
        ThrowIfEmpty();
        int low = 0;
        int high = AlphabetSize; // Start(low) <= position < Start(high)
        uint start = 0;
        uint end = _total;
        while (high - low > 1)
        {
            int middle = (low + high) >>> 1;
            uint at = Start(middle);
            if (at <= position)
            {
                (low, start) = (middle, at);
            }
            else
            {
                (high, end) = (middle, at);
            }
        }

        cumulative = start;
        frequency = end - start;
        return low;
    }

    private uint Start(int symbol) =>
        (uint)(_before[symbol] * _scale / _before[AlphabetSize]) + _allowedBefore[symbol]; // spec 5.3-1

    private void ThrowIfEmpty()
    {
        if (_before[AlphabetSize] == 0)
        {
            throw new InvalidOperationException("Load weights first.");
        }
    }

    private uint Sum(ReadOnlySpan<uint> weights)
    {
        Span<ulong> before = _before.AsSpan(1, weights.Length);
        ulong sum = 0;
        uint largest = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            largest = Math.Max(largest, weights[i]);
            sum += weights[i];
            before[i] = sum;
        }

        if (_masked)
        {
            for (int i = 0; i < _allowedBefore.Length; i++)
            {
                _allowedBefore[i] = (uint)i;
            }

            _masked = false;
        }

        return largest;
    }

    private uint Sum(ReadOnlySpan<uint> weights, ReadOnlySpan<bool> allowed)
    {
        ulong sum = 0;
        uint count = 0;
        uint largest = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (allowed[i])
            {
                largest = Math.Max(largest, weights[i]);
                sum += weights[i];
                count++;
            }

            _before[i + 1] = sum;
            _allowedBefore[i + 1] = count;
        }

        _masked = true;
        return largest;
    }
}
