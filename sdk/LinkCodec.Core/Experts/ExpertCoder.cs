namespace LinkCodec.Core.Experts;

/// <summary>Predicts one message decision by decision: before each byte whether the message ends, then the byte's bits from the highest down.</summary>
/// <remarks>
/// The calls come in a fixed order: <see cref="Begin"/>; then <see cref="PredictEnd"/>, <see cref="LearnEnd"/> and, if it did not end, <see cref="BeginByte"/>, eight times
/// <see cref="PredictBit"/> and <see cref="LearnBit"/>, <see cref="EndByte"/>; at last <see cref="EndMessage"/>. Not thread-safe.
/// </remarks>
internal sealed class ExpertCoder(Corpus? corpus)
{
    private const int FinalRate = 2;
    private const int RateFalls = 1024; // bits after which the rate of a message's start has halved
    private const int MostRate = 1023;  // keeps the weights' moves within 32 bits
    private const int MostBits = 1 << 24; // so many that the start's rate has long been 0
    private readonly MessageReader _reader = new(corpus);
    private readonly FollowerExperts _followers = new();
    private readonly CounterExperts _counters = new();
    private readonly EndExpert _end = new();
    private readonly Mixer _mixer = new();
    private readonly uint[] _tree = new uint[512]; // sums of the network's weights by the byte's first bits
    private ExpertMemory _memory = null!;
    private ExpertProfile _profile = null!;
    private bool _hasNetwork;
    private int _networkProbability;
    private int _partial;
    private int _bit;
    private int _bits;      // of the message so far, to the limit
    private int _byteLoss;  // of the present byte, in 256ths of a bit
    private int _loss;      // the same, smoothed, 16 times
    private int _lossClass;

    /// <summary>What training wants done with each decision; null otherwise.</summary>
    internal ExpertLearning? Learning { get; set; }

    /// <summary>Begins a message.</summary>
    internal void Begin(ExpertMemory memory, ExpertProfile profile)
    {
        (_memory, _profile) = (memory, profile);
        memory.Use(profile);
        (_bits, _byteLoss, _loss, _lossClass) = (0, 0, 4 << 12, 4);
        _reader.Begin(memory, profile.IsBinary);
    }

    /// <summary>The probability that the message ends here, 1 to 65,535 of 65,536.</summary>
    /// <param name="network">The network's 257 weights; empty without one.</param>
    internal int PredictEnd(ReadOnlySpan<uint> network)
    {
        _hasNetwork = !network.IsEmpty;
        int logit = 0;
        if (_hasNetwork)
        {
            BuildTree(network);
            logit = LogScale.Stretch(Share(network[256], _tree[1]));
        }

        _end.Predict(_memory, _profile.EndMap, _reader, logit);
        return _end.Probability;
    }

    /// <summary>Learns whether it ended.</summary>
    internal void LearnEnd(bool ended)
    {
        if (Learning is not null)
        {
            _end.Train(_profile.EndMap, ended, Learning.MapShift);
        }

        _end.Learn(_memory, ended);
    }

    /// <summary>Begins a byte.</summary>
    internal void BeginByte()
    {
        (_partial, _bit) = (1, 0);
        _reader.Look(_memory, _followers, _counters);
    }

    /// <summary>The probability that the next bit is 1, 1 to 65,535 of 65,536.</summary>
    internal int PredictBit()
    {
        int[] inputs = _mixer.Inputs;
        GuessExperts guesses = _reader.Guesses;
        _followers.Predict(_profile.FollowerMap, _partial, _bit, inputs);
        _counters.Predict(_memory, _profile.CounterMap, _partial, inputs);
        guesses.Predict(_profile.GuessMap, _partial, _bit, inputs);
        int logit = 0;
        if (_hasNetwork)
        {
            _networkProbability = Share(_tree[(2 * _partial) + 1], _tree[2 * _partial]);
            logit = LogScale.Stretch(_networkProbability); // spec 10.6-8
            inputs[ExpertLayout.NetworkInput] = logit;
            inputs[ExpertLayout.NetworkSlopeInput] = (_networkProbability - 32768) >> 6;
        }
        else
        {
            inputs[ExpertLayout.NetworkInput] = inputs[ExpertLayout.NetworkSlopeInput] = 0;
        }

        inputs[ExpertLayout.BiasInput] = 256;
        Select(logit, guesses);
        _mixer.Predict(_memory);
        return _mixer.Probability;
    }

    /// <summary>Learns the bit that came.</summary>
    internal void LearnBit(int bit)
    {
        int rate = _profile.Rate + (_profile.StartRate * RateFalls / (RateFalls + _bits)); // spec 10.6-5
        int finalRate = FinalRate;
        if (Learning is not null)
        {
            (rate, finalRate) = (Math.Min(MostRate, rate * Learning.RateQuarters / 4), Learning.FinalRate);
            _followers.Train(_profile.FollowerMap, bit, Learning.MapShift);
            _counters.Train(_profile.CounterMap, bit, Learning.MapShift);
            _reader.Guesses.Train(_profile.GuessMap, bit, Learning.MapShift);
        }

        _mixer.Learn(_memory, bit, rate, finalRate);
        _counters.Learn(_memory, bit);
        int probability = _hasNetwork ? _networkProbability : _mixer.Probability;
        _byteLoss += LogScale.Surprise(bit != 0 ? probability : 65536 - probability);
        _partial = (2 * _partial) + bit;
        _bit++;
        _bits = Math.Min(_bits + 1, MostBits);
    }

    /// <summary>Learns the whole byte.</summary>
    internal void EndByte()
    {
        byte value = (byte)_partial;
        _followers.Learn(_memory, value);
        _reader.Learn(_memory, value);
        _loss += ((_byteLoss * 16) - _loss) >> 3; // spec 10.6-6
        _byteLoss = 0;
        int bits = _loss >> 12;
        _lossClass = bits >= 10 ? 7 : bits >= 8 ? 6 : bits >= 6 ? 5 : bits >= 4 ? 4 : bits >= 2 ? 3 : bits >= 1 ? 2 : _loss >> 11;
    }

    /// <summary>Ends the message.</summary>
    internal void EndMessage() => _reader.End(_memory);

    // yes / (yes + no) in 65,536ths, 1 to 65,535; each side counts one more than its weight. spec 10.1-4
    private static int Share(uint yes, uint no) => (int)Math.Clamp(((yes + 1UL) << 16) / (yes + (ulong)no + 2), 1, 65535);

    // spec 10.6-7
    private void Select(int network, GuessExperts guesses)
    {
        int match = guesses.Match;
        int matchClass = match == 0 ? 0 : _reader.MatchClass;
        int networkClass = Math.Clamp((network + (256 * 5)) >> 8, 0, 9);
        _mixer.Select(0, (matchClass << 3) | _bit);
        _mixer.Select(1, _partial);
        _mixer.Select(2, (_bit << 2) | _reader.Warmth);
        _mixer.Select(3, (((networkClass * 3) + match) << 2) | Math.Min(_followers.LongestOrder, 3));
        _mixer.Select(4, (VoteClass(_followers.ForOne + guesses.ForOne) << 3) | VoteClass(_followers.ForZero + guesses.ForZero));
        _mixer.Select(5, (networkClass << 3) | _lossClass);
        _mixer.SelectFinal((_bit << 2) | (_lossClass >> 1));
    }

    private static int VoteClass(int votes) => votes < 5 ? votes : votes < 6 ? 4 : votes < 9 ? 5 : votes < 12 ? 6 : 7;

    private void BuildTree(ReadOnlySpan<uint> network)
    {
        network[..256].CopyTo(_tree.AsSpan(256));
        for (int node = 255; node > 0; node--)
        {
            _tree[node] = _tree[2 * node] + _tree[(2 * node) + 1];
        }
    }
}
