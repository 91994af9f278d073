using LinkCodec.Core.Coding;

namespace LinkCodec.Core.Prediction;

/// <summary>
/// Reads decisions out of a code: the other side of <see cref="DecisionList"/>. Any bytes are the code of some
/// decisions, so reading never fails.
/// </summary>
/// <remarks>
/// The reader borrows the decoder, which goes on from symbol to symbol and from message to message. A predictor may
/// read on after <see cref="IsExhausted"/>: what it gets means nothing, and its caller gives the code up after the
/// symbol.
/// </remarks>
internal readonly ref struct DecisionReader
{
    /// <summary>Zeros past the end of a code that its decisions may read; an encoder's own code takes 15.</summary>
    public const int MaxBytesPastEnd = 16; // spec 5.4-4

    private readonly ref RangeDecoder _decoder;
    private readonly ReadOnlySpan<byte> _code;
    private readonly int _bits;

    /// <summary>Goes on where <paramref name="decoder"/> stands.</summary>
    /// <param name="decoder">A decoder that was started with the same <paramref name="code"/>.</param>
    /// <param name="code">The whole code.</param>
    /// <param name="bits">Binary logarithm of the decisions' scale: the predictor's
    /// <see cref="Predictor.FrequencyBits"/>.</param>
    public DecisionReader(ref RangeDecoder decoder, ReadOnlySpan<byte> code, int bits)
    {
        _decoder = ref decoder;
        _code = code;
        _bits = bits;
    }

    /// <summary>Whether so much was read past the code's end that no encoder wrote it.</summary>
    public bool IsExhausted => _decoder.BytesPastEnd > MaxBytesPastEnd;

    /// <summary>
    /// The place that the code points to in the scale: the decision whose slice holds it comes next. Costs a division.
    /// </summary>
    public uint Peek() => _decoder.Peek(_bits);

    /// <summary>Leaves the slice that <see cref="Peek"/> pointed into.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The slice is empty or leaves the scale.</exception>
    public void Take(uint cumulative, uint frequency) => _decoder.Consume(_code, cumulative, frequency, _bits);

    /// <summary>Reads a decision between two, see <see cref="DecisionList.AddBit"/>. No division.</summary>
    /// <param name="no">Slots of no, 1 to 2^bits - 1; the others are those of yes.</param>
    /// <returns>Whether the decision is yes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="no"/> leaves yes or no nothing.</exception>
    public bool TakeBit(uint no) => _decoder.DecodeBit(_code, no, _bits);
}
