using System.Runtime.Intrinsics;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Models and their mixer: predicts one message decision by decision, before each byte whether the message ends, then
/// the byte's bits from the highest down.
/// </summary>
/// <remarks>
/// <see cref="Begin"/>, then <see cref="Code"/> for each byte and for the end, with the network's weights at that
/// place. Not thread-safe.
/// </remarks>
internal sealed class ContextMixer(PresetDictionary? dictionary)
{
    private const int FinalRate = 2;
    private const int RateFalls = 1024; // bits after which the rate of a message's start has halved
    private const int MostRate = 1023;  // the largest rate that keeps the weights' moves within 32 bits
    private const int MostBits = 1 << 24; // bits after which the start's rate has long been 0
    private readonly MessageContexts _contexts = new(dictionary);
    private readonly RunModel _runs = new();
    private readonly BitCounterModel _counters = new();
    private readonly EndModel _end = new();
    private readonly Mixer _mixer = new();
    private MixingMemory _memory = null!;
    private MixingProfile _profile = null!;
    private MapLogits _logits = null!;
    private MapLogits? _trained; // a table of this mixer's own, in training
    private bool _hasNetwork;
    private int _networkProbability;
    private uint _fits;     // the network's weights of all bytes that begin with the byte's bits so far, in sum
    private uint _fitsOne;  // and of those whose next bit is 1
    private int _partial;   // 1 and the present byte's bits so far
    private int _bit;       // the number of those bits
    private int _bits;      // bits of the message so far, to the limit
    private int _byteLoss;  // cost of the present byte, in 256ths of a bit
    private int _loss;      // cost of a byte, smoothed, times 16
    private int _lossClass;

    // by the number of votes, of which there are as many at most as runs and expected bytes
    private static ReadOnlySpan<byte> VoteClasses =>
        [0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7];

    /// <summary>The rates at which training moves the maps with each decision; null outside of training.</summary>
    internal TrainingRates? Rates { get; set; }

    /// <summary>Begins a message.</summary>
    internal void Begin(MixingMemory memory, MixingProfile profile)
    {
        (_memory, _profile) = (memory, profile);
        memory.Use(profile);
        if (Rates is null)
        {
            _logits = profile.Logits;
        }
        else
        {
            _logits = _trained ??= new MapLogits();
            _trained.Fill(profile); // profiles may share maps, which have moved
        }

        (_bits, _byteLoss, _loss, _lossClass) = (0, 0, 4 << 12, 4);
        _counters.Begin(profile.IsBinary);
        _contexts.Begin(memory, profile);
    }

    /// <summary>
    /// Codes a symbol and learns it: one order of work for who writes, who reads, and who only learns. spec 10.9-3
    /// </summary>
    /// <param name="coder">The coder that writes, reads or counts the decisions.</param>
    /// <param name="symbol">A byte or <see cref="Predictor.EndSymbol"/>; anything for a coder that reads.</param>
    /// <param name="network">The network's 257 weights; empty without one.</param>
    /// <returns>The symbol.</returns>
    internal int Code<TCoder>(ref TCoder coder, int symbol, ReadOnlySpan<uint> network)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        bool ends = coder.Code(PredictEnd(network), symbol == Predictor.EndSymbol);
        UpdateEnd(ends);
        if (ends)
        {
            _contexts.End(_memory);
            return Predictor.EndSymbol;
        }

        (_partial, _bit) = (1, 0);
        _contexts.SetContexts(_memory, _runs, _counters);
        for (int shift = 7; shift >= 0; shift--)
        {
            UpdateBit(coder.Code(PredictBit(network), ((symbol >> shift) & 1) != 0) ? 1 : 0);
        }

        byte value = (byte)_partial;
        UpdateByte(value);
        return value;
    }

    /// <summary>Guesses the next byte. Shows in nothing but speed, and needs to be right but often.</summary>
    /// <returns>How much speaks for it; 0 where nothing was seen before in any of the contexts.</returns>
    internal int Guess(out byte value)
    {
        Span<int> scores = stackalloc int[256];
        scores.Clear();
        _contexts.SetContexts(_memory, _runs, _counters);
        _runs.Score(scores);
        _contexts.Expected.Score(_memory, scores);
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        value = (byte)best;
        return scores[best];
    }

    /// <summary>Learns from a whole message.</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="profile">The profile that the message is coded with.</param>
    /// <param name="network">The lanes of the profile's network, of which the first is used; null without one.</param>
    /// <param name="message">The message.</param>
    /// <returns>The cost of the message's code, in 256ths of a bit, more or less.</returns>
    internal long Learn(MixingMemory memory, MixingProfile profile, ByteModelLanes? network, ReadOnlySpan<byte> message)
    {
        CostMeter meter = default;
        Begin(memory, profile);
        network?.Start(0);
        network?.Foresee(0, message);
        foreach (byte value in message)
        {
            Code(ref meter, value, network is null ? default : network.Weights(0));
            network?.Step([0], [value]);
        }

        Code(ref meter, Predictor.EndSymbol, network is null ? default : network.Weights(0));
        return meter.Cost;
    }

    // The share of yes in 65,536ths, 1 to 65,535; each side counts one more than its weight. spec 10.1-4
    private static int Share(uint yes, uint no) =>
        (int)Math.Clamp(((yes + 1UL) << 16) / (yes + (ulong)no + 2), 1, 65535);

    private static uint Sum(ReadOnlySpan<uint> weights)
    {
        uint sum = 0;
        if (weights.Length >= Vector256<uint>.Count)
        {
            Vector256<uint> sums = Vector256<uint>.Zero;
            for (; weights.Length >= Vector256<uint>.Count; weights = weights[Vector256<uint>.Count..])
            {
                sums += Vector256.Create(weights);
            }

            sum = Vector256.Sum(sums);
        }

        foreach (uint weight in weights)
        {
            sum += weight;
        }

        return sum;
    }

    // 0, 1, 2, 3, 4 and 5, 6 to 8, 9 to 11, and more
    private static int VoteClass(int votes) => VoteClasses[votes];

    private int PredictEnd(ReadOnlySpan<uint> network)
    {
        _hasNetwork = !network.IsEmpty;
        int logit = 0;
        if (_hasNetwork)
        {
            _fits = Sum(network[..256]);
            logit = LogisticTables.Stretch(Share(network[256], _fits));
        }

        _end.Predict(_memory, _profile.EndMap, _contexts, logit);
        return _end.Probability;
    }

    private void UpdateEnd(bool ended)
    {
        if (Rates is not null)
        {
            _end.Train(_profile.EndMap, ended, Rates.MapShift);
        }

        _end.Update(_memory, ended);
    }

    private int PredictBit(ReadOnlySpan<uint> network)
    {
        int[] inputs = _mixer.Inputs;
        int[] signs = _mixer.Signs;
        ExpectedByteModel expected = _contexts.Expected;
        _runs.Predict(_logits, _partial, _bit, inputs, signs);
        if (_contexts.IsBinary)
        {
            (uint placed, uint free) = _contexts.Packed.Contexts();
            _counters.SetPacked(placed, free);
        }

        _counters.Predict(_memory, _logits, _partial, inputs);
        expected.Predict(_logits, _partial, _bit, inputs, signs);
        int logit = 0;
        if (_hasNetwork)
        {
            // The bytes that fit stand side by side, those with a 1 after the others.
            int half = 128 >> _bit;
            _fitsOne = Sum(network.Slice((((2 * _partial) + 1) << (7 - _bit)) & 255, half));
            _networkProbability = Share(_fitsOne, _fits - _fitsOne);
            logit = LogisticTables.Stretch(_networkProbability); // spec 10.6-8
            inputs[MixingLayout.NetworkInput] = logit;
            inputs[MixingLayout.NetworkLinearInput] = (_networkProbability - 32768) >> 6;
        }
        else
        {
            inputs[MixingLayout.NetworkInput] = inputs[MixingLayout.NetworkLinearInput] = 0;
        }

        _contexts.Differences.Predict(_partial, _bit, inputs);

        inputs[MixingLayout.BiasInput] = 256;
        SelectWeights(logit, expected);
        _mixer.Predict(_memory);
        return _mixer.Probability;
    }

    private void UpdateBit(int bit)
    {
        int rate = _profile.Rate + (_profile.StartRate * RateFalls / (RateFalls + _bits)); // spec 10.6-5
        int finalRate = FinalRate;
        if (Rates is not null)
        {
            (rate, finalRate) = (Math.Min(MostRate, rate * Rates.RateQuarters / 4), Rates.FinalRate);
            _runs.Train(_profile.RunMap, _logits, bit, _mixer.Signs, Rates.MapShift);
            _counters.Train(_profile.CounterMap, _logits, bit, Rates.MapShift);
            _contexts.Expected.Train(_profile.ExpectedByteMap, _logits, bit, Rates.MapShift);
            if (_bit == 7)
            {
                _contexts.Differences.Train(_profile.DifferenceMap, (byte)((2 * _partial) + bit), Rates.MapShift);
            }
        }

        _mixer.Update(_memory, bit, rate, finalRate);
        _counters.Update(_memory, bit);
        if (_contexts.IsBinary)
        {
            _contexts.Packed.Update(bit);
        }

        int probability = _hasNetwork ? _networkProbability : _mixer.Probability;
        _byteLoss += LogisticTables.Surprisal(bit != 0 ? probability : 65536 - probability);
        _fits = bit != 0 ? _fitsOne : _fits - _fitsOne;
        _partial = (2 * _partial) + bit;
        _bit++;
        _bits = Math.Min(_bits + 1, MostBits);
    }

    private void UpdateByte(byte value)
    {
        _runs.Update(_memory, value);
        _contexts.Update(_memory, value);
        _loss += ((_byteLoss * 16) - _loss) >> 3; // spec 10.6-6
        _byteLoss = 0;
        int bits = _loss >> 12;
        _lossClass = bits >= 10 ? 7 : bits >= 8 ? 6 : bits >= 6 ? 5 : bits >= 4 ? 4 : bits >= 2 ? 3 : bits >= 1 ? 2
            : _loss >> 11;
    }

    // spec 10.6-7
    private void SelectWeights(int network, ExpectedByteModel expected)
    {
        int match = expected.Match;
        int matchClass = match == 0 ? 0 : _contexts.MatchClass;
        int networkClass = Math.Clamp((network + (256 * 5)) >> 8, 0, 9);
        _mixer.Select(0, (matchClass << 3) | _bit);
        _mixer.Select(1, _partial);
        _mixer.Select(2, (_contexts.Trust(expected) << 3) | _bit);
        _mixer.Select(3, (((networkClass * 3) + match) << 2) | Math.Min(_runs.LongestOrder, 3));
        _mixer.Select(4,
            (VoteClass(_runs.ForOne + expected.ForOne) << 3) | VoteClass(_runs.ForZero + expected.ForZero));
        _mixer.Select(5, (networkClass << 3) | _lossClass);
        _mixer.SelectFinal((_contexts.Warmth << 5) | (_bit << 2) | (_lossClass >> 1));
    }
}
