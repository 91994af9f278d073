using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// A message as tokens, and their decisions as far as the network has read them. Reused from message to message. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// The network reads ahead of what is coded, some tokens at once in one row; a token's decisions are added with its
/// last byte.
/// </remarks>
internal sealed class TokenizedMessage(LanguageModel model)
{
    /// <summary>Tokens that the network reads at once.</summary>
    internal const int Chunk = 64;

    private const int RawShift = 16; // binary logarithm of the scale over a byte

    private readonly List<int> _elements = []; // tokens, and ~b for bytes
    private readonly List<Prepared> _prepared = [];
    private readonly int[] _read = new int[Chunk];
    private int _next; // element that is coded next
    private int _used; // bytes of it that the caller has given
    private int _last; // the byte before; -1 at the start

    // An element's slice, the slice of the escape in the same place, the slots of another token than the candidate,
    // whether it is the candidate, and the bin of the odds of an end before it.
    private readonly record struct Prepared(uint Cumulative, uint Frequency, uint EscapeCumulative,
        uint EscapeFrequency, uint NoMatch, bool IsMatch, int Bin);

    /// <summary>Tokens and raw bytes.</summary>
    internal int Count => _elements.Count;

    /// <summary>Takes a message. The network does not see it yet.</summary>
    internal void Begin(ReadOnlySpan<byte> message)
    {
        _elements.Clear();
        model.Tokens.Encode(message, _elements);
        Rewind();
    }

    /// <summary>
    /// Whether elements and bytes are as good as equally many, as in what is no text: the network would cost its time
    /// for nothing. spec 11.3-2
    /// </summary>
    internal bool IsDense(int bytes) => 32 * _elements.Count > 31 * bytes;

    /// <summary>
    /// Whether every element has been coded, so that the network has read no more than the decoder's.
    /// </summary>
    internal bool IsWhole => _next == _elements.Count;

    /// <summary>The last byte that was coded; -1 for none.</summary>
    internal int Last => _last;

    /// <summary>Reads again, from its start, no more than the elements that were coded.</summary>
    /// <param name="state">The state that the message started from; stands behind those elements afterwards.</param>
    /// <param name="quantiser">Any.</param>
    internal void ReadCoded(SequenceState state, FrequencyQuantiser quantiser)
    {
        _elements.RemoveRange(_next, _elements.Count - _next);
        _prepared.Clear();
        PrepareTo(_next, state, quantiser);
    }

    /// <summary>Bytes of an element.</summary>
    internal ReadOnlySpan<byte> BytesOf(int element) => model.Tokens.Bytes(_elements[element]);

    /// <summary>Makes the decisions of the elements before <paramref name="end"/>.</summary>
    internal void PrepareTo(int end, SequenceState state, FrequencyQuantiser quantiser)
    {
        while (_prepared.Count < end)
        {
            int first = _prepared.Count;
            bool isRaw = _elements[first] < 0;
            if (!isRaw)
            {
                state.ShiftContext(); // Raw bytes are not read, so that they need no room. spec 11.6-1
            }

            int room = Math.Min(Chunk, state.Room);
            int stop = isRaw && room == 0 ? first + 1 : Math.Min(_elements.Count, first + room);
            int count = 0;
            for (int i = first; i < stop; i++)
            {
                if (_elements[i] >= 0)
                {
                    _read[count++] = _elements[i];
                }
            }

            ReadOnlySpan<float> logits = count == 0 ? default : state.Append(_read.AsSpan(0, count));
            for (int i = first; i < stop; i++)
            {
                Prepare(_elements[i], state, quantiser);
                if (_elements[i] >= 0)
                {
                    state.Advance(_elements[i], logits[..model.Shape.Vocabulary]);
                    logits = logits[model.Shape.Vocabulary..];
                }
            }
        }
    }

    /// <summary>
    /// The cost of an element behind the one before, in 256ths of a bit, with the decision that the message does not
    /// end before it, which <paramref name="ends"/> learns.
    /// </summary>
    /// <param name="element">A prepared one.</param>
    /// <param name="before">The byte before it, -1 for none.</param>
    /// <param name="ends">The probabilities that messages end.</param>
    internal int CostOf(int element, int before, EndProbabilityMap ends)
    {
        Prepared one = _prepared[element];
        int cell = EndProbabilityMap.Cell(before, element, one.Bin);
        int cost = BitCost.Of(ends.No(cell)) + (one.IsMatch ? 0 : BitCost.Of(one.Frequency))
            + (_elements[element] < 0 ? 8 * BitCost.Bit : 0);
        if (one.NoMatch > 0)
        {
            cost += BitCost.Of(
                one.IsMatch ? (1u << SnapshotManifest.LanguageFrequencyBits) - one.NoMatch : one.NoMatch);
        }

        ends.Learn(cell, ended: false);
        return cost;
    }

    /// <summary>Codes the message's next byte: a token's decisions come with its last byte.</summary>
    /// <exception cref="ArgumentException">The byte is not the one that was announced.</exception>
    internal void Encode(byte value, SequenceState state, FrequencyQuantiser quantiser, DecisionList decisions)
    {
        if (_next == _elements.Count || BytesOf(_next)[_used] != value)
        {
            throw new ArgumentException("Expected the next byte of the message that was begun.", nameof(value));
        }

        if (++_used < BytesOf(_next).Length)
        {
            return;
        }

        PrepareTo(_next + 1, state, quantiser);
        Prepared one = _prepared[_next];
        AddEnd(_next, one.Bin, ended: false, state.Ends, decisions);
        AddMatch(one.NoMatch, one.IsMatch, decisions);
        if (!one.IsMatch)
        {
            decisions.Add(one.Cumulative, one.Frequency);
        }

        if (_elements[_next] < 0)
        {
            decisions.Add((uint)value << RawShift, 1u << RawShift); // spec 11.5-4
        }

        _last = value;
        _next++;
        _used = 0;
    }

    /// <summary>Ends the message; within a token, the bytes of it that have come are coded one by one.</summary>
    internal void EncodeEnd(SequenceState state, FrequencyQuantiser quantiser, DecisionList decisions)
    {
        bool isLast = _next == _elements.Count;
        PrepareTo(isLast ? _next : _next + 1, state, quantiser);
        Prepared one = isLast ? default : _prepared[_next];
        int bin = isLast ? state.Bin : one.Bin;
        for (int i = 0; i < _used; i++)
        {
            byte value = BytesOf(_next)[i];
            AddEnd(_next + i, bin, ended: false, state.Ends, decisions);
            AddMatch(one.NoMatch, isMatch: false, decisions);
            decisions.Add(one.EscapeCumulative, one.EscapeFrequency);
            decisions.Add((uint)value << RawShift, 1u << RawShift);
            _last = value;
        }

        AddEnd(_next + _used, bin, ended: true, state.Ends, decisions);
    }

    private void Rewind()
    {
        _prepared.Clear();
        (_next, _used, _last) = (0, 0, -1);
    }

    private void Prepare(int element, SequenceState state, FrequencyQuantiser quantiser)
    {
        quantiser.Load(state.Weights);
        (uint cumulative, uint frequency) escape = quantiser.Interval(model.Tokens.BeginToken);
        (uint cumulative, uint frequency) = element < 0 ? escape : quantiser.Interval(element);
        _prepared.Add(new Prepared(cumulative, frequency, escape.cumulative, escape.frequency, state.NoMatch,
            state.Candidate >= 0 && element == state.Candidate, state.Bin));
    }

    // spec 11.5-7
    private static void AddMatch(uint no, bool isMatch, DecisionList decisions)
    {
        if (no > 0)
        {
            decisions.AddBit(no, isMatch);
        }
    }

    // spec 11.4-4
    private void AddEnd(int elements, int bin, bool ended, EndProbabilityMap ends, DecisionList decisions)
    {
        int cell = EndProbabilityMap.Cell(_last, elements, bin);
        decisions.AddBit(ends.No(cell), ended);
        ends.Learn(cell, ended);
    }
}
