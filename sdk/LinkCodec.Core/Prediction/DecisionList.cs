using LinkCodec.Core.Coding;

namespace LinkCodec.Core.Prediction;

/// <summary>
/// The decisions that a message became, and what their code would take if it stood alone. Reused from message to
/// message. Not thread-safe.
/// </summary>
/// <remarks>A decision takes 8 bytes; adding one costs a division, a multiplication and some bookkeeping.</remarks>
internal sealed class DecisionList
{
    private readonly RangeEncoder _encoder = new();
    private Decision[] _items = new Decision[1024];
    private int _count;

    /// <summary>Makes an empty list.</summary>
    /// <param name="bits">Binary logarithm of the decisions' scale, 1 to 24: the predictor's
    /// <see cref="Predictor.FrequencyBits"/>.</param>
    public DecisionList(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 24);
        Bits = bits;
    }

    /// <summary>Binary logarithm of the scale.</summary>
    public int Bits { get; }

    /// <summary>The decisions so far; valid until the list changes.</summary>
    public ReadOnlySpan<Decision> Items => _items.AsSpan(0, _count);

    /// <summary>Bytes that the code of the decisions takes at most.</summary>
    public int MaxLength => _encoder.MaxLength;

    /// <summary>
    /// The information of the decisions, in 256ths of a bit, rounded down; not to be asked for after
    /// <see cref="Finish"/>.
    /// </summary>
    internal long Information => _encoder.Information;

    /// <summary>
    /// Adds the decision [<paramref name="cumulative"/>, <paramref name="cumulative"/> + <paramref name="frequency"/>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The slice is empty or leaves the scale.</exception>
    public void Add(uint cumulative, uint frequency)
    {
        _encoder.Encode(cumulative, frequency, Bits);
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        _items[_count++] = new Decision(cumulative, frequency);
    }

    /// <summary>
    /// Adds a decision between two: no has the first <paramref name="no"/> slots of the scale, yes the others.
    /// </summary>
    /// <param name="no">Slots of the decision no, 1 to 2^<see cref="Bits"/> - 1.</param>
    /// <param name="isYes">Whether the decision is yes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="no"/> leaves yes or no nothing.</exception>
    public void AddBit(uint no, bool isYes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(no);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(no, 1u << Bits);
        if (isYes)
        {
            Add(no, (1u << Bits) - no);
        }
        else
        {
            Add(0, no);
        }
    }

    /// <summary>The present state of the code, for <see cref="Restore"/>. Constant cost.</summary>
    public RangeEncoder.Checkpoint Save() => _encoder.Save();

    /// <summary>Forgets <see cref="Items"/>, of which nothing else depends: their code goes on.</summary>
    public void DropItems() => _count = 0;

    /// <summary>Takes back every decision since the code was saved, and <see cref="Finish"/>; forgets
    /// <see cref="Items"/>.</summary>
    public void Restore(RangeEncoder.Checkpoint saved)
    {
        _encoder.Restore(saved);
        _count = 0;
    }

    /// <summary>Forgets all decisions.</summary>
    public void Clear()
    {
        _count = 0;
        _encoder.Reset();
    }

    /// <summary>
    /// Ends the code of the decisions as if they stood alone. Only <see cref="Items"/> and <see cref="Clear"/> make
    /// sense afterwards.
    /// </summary>
    /// <returns>Valid until <see cref="Clear"/>.</returns>
    public ReadOnlySpan<byte> Finish() => _encoder.Finish();
}
