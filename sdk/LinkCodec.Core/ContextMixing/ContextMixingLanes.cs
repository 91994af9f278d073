using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Messages in the course of coding: each lane has its own models and mixer, and a place in the network that its
/// profile consults.
/// </summary>
internal sealed class ContextMixingLanes : PredictorLanes
{
    // The detector's traits of neighbouring bytes are not independent: 64 bits of their cost count as one.
    private const int EighthsPerHandicap = 64 * 8 / 256;

    // What the detector must have against a profile that has adapted to the stream. Where it knows a message's kind it
    // has more; where it does not, as with records of floats, its choice would change from message to message.
    private const int EighthsToChange = 150 * 8;

    // With more lanes a step's time goes to products, of which guesses would only add more.
    private const int MostGuessing = 2;
    private const int SureGuess = 24;

    // A longer message does not go on in the same segment.
    private const int MostForeseen = 1 << 16;

    private readonly ContextMixingPredictor _predictor;
    private readonly MixingModel _model;
    private readonly ByteModelLanes[] _networks;
    private readonly Lane[] _lanes;
    private readonly int[] _stepped;
    private readonly int[] _symbols;
    private readonly int _shift; // binary logarithm of the decisions' scale over the mixer's
    private readonly bool _tries;

    /// <summary>Makes room for messages.</summary>
    /// <param name="predictor">The predictor whose lanes these are.</param>
    /// <param name="networks">The predictor's networks.</param>
    /// <param name="capacity">The number of lanes.</param>
    /// <param name="tries">Whether an encoder tries profiles before it chooses; otherwise it takes the
    /// detector's.</param>
    internal ContextMixingLanes(ContextMixingPredictor predictor, IReadOnlyList<ByteModel> networks,
        int capacity, bool tries)
    {
        _tries = tries;
        _predictor = predictor;
        _model = predictor.Model;
        _networks = [.. networks.Select(network => network.CreateLanes(capacity))];
        _lanes = new Lane[capacity];
        _stepped = new int[capacity];
        _symbols = new int[capacity];
        _shift = predictor.FrequencyBits - ContextMixingPredictor.ScaleBits;
        for (int i = 0; i < capacity; i++)
        {
            _lanes[i] = new Lane(_model.Dictionary);
        }
    }

    /// <summary>The predictor whose lanes these are.</summary>
    internal ContextMixingPredictor Owner => _predictor;

    /// <inheritdoc/>
    public override int Capacity => _lanes.Length;

    /// <inheritdoc/>
    public override void BeginEncode(int lane, ReadOnlySpan<byte> message, ContentHint hint, StreamContext? context,
        DecisionList decisions)
    {
        Load(lane, context);
        ContinueEncode(lane, message, hint, decisions);
    }

    /// <inheritdoc/>
    public override void BeginDecode(int lane, StreamContext? context, ref DecisionReader reader)
    {
        Load(lane, context);
        ContinueDecode(lane, ref reader);
    }

    /// <inheritdoc/>
    public override void ContinueEncode(
        int lane, ReadOnlySpan<byte> message, ContentHint hint, DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        Lane one = Started(lane);
        Span<int> scores = stackalloc int[_model.Profiles.Count];
        int last = one.Coder.Memory.Profile;
        int profile = Choose(_model.Detector.Detect(message, hint, last, scores), scores);
        if (_tries && one.Trial.IsOwed)
        {
            BeginTrial(lane, profile, scores);
        }
        else if (_tries && Doubts(profile, last, scores))
        {
            AddChoice(last, last, decisions);
            Begin(lane, last);
        }
        else if (_tries && profile != last && _model.Profiles[profile].Network >= 0)
        {
            BeginTrial(lane, profile, scores);
        }
        else
        {
            AddChoice(profile, last, decisions);
            Begin(lane, profile);
        }

        one.IsEncoding = true;
        if (one.Network >= 0)
        {
            _networks[one.Network].Foresee(lane, message[..Math.Min(message.Length, MostForeseen)]);
        }
    }

    /// <inheritdoc/>
    public override void ContinueDecode(int lane, ref DecisionReader reader)
    {
        Lane one = Started(lane);
        int profile = ProfileChoice.Find(reader.Peek() >> _shift, _model.Profiles.Count, one.Coder.Memory.Profile,
            out uint cumulative, out uint frequency);
        reader.Take(cumulative << _shift, frequency << _shift);
        one.IsEncoding = false;
        Begin(lane, profile);
    }

    /// <inheritdoc/>
    public override void Encode(int lane, int symbol, DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbol, (uint)Predictor.EndSymbol, nameof(symbol));
        Lane one = Started(lane);
        if (!one.Trial.IsOpen)
        {
            one.Coder.Encode(symbol, Weights(lane), decisions, _shift);
        }
        else if (one.Trial.Encode(symbol, Weights(lane), _model, _shift))
        {
            int last = one.Coder.Memory.Profile;
            one.Coder = one.Trial.Take(one.Coder, out ReadOnlySpan<Decision> taken);
            AddChoice(one.Coder.Profile, last, decisions);
            foreach (Decision decision in taken)
            {
                decisions.Add(decision.Cumulative, decision.Frequency);
            }

            one.Network = _model.Profiles[one.Coder.Profile].Network;
        }
    }

    /// <inheritdoc/>
    public override int Decode(int lane, ref DecisionReader reader)
    {
        Lane one = Started(lane);
        return one.Coder.Decode(Weights(lane), reader, _shift);
    }

    /// <inheritdoc/>
    public override bool NeedsStep(int lane) => Started(lane).Network >= 0;

    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<int> symbols)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(symbols.Length, Capacity, nameof(symbols));
        for (int lane = 0; lane < symbols.Length; lane++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbols[lane], (uint)Predictor.EndSymbol,
                nameof(symbols));
            Started(lane);
        }

        for (int network = 0; network < _networks.Length; network++)
        {
            int count = 0;
            for (int lane = 0; lane < symbols.Length; lane++)
            {
                if (_lanes[lane].Network == network)
                {
                    _stepped[count] = lane;
                    _symbols[count++] = symbols[lane];
                }
            }

            if (count is > 0 and <= MostGuessing)
            {
                Guess(_networks[network], _stepped.AsSpan(0, count));
            }

            if (count > 0)
            {
                _networks[network].Step(_stepped.AsSpan(0, count), _symbols.AsSpan(0, count));
            }
        }
    }

    /// <inheritdoc/>
    public override void Save(int lane, StreamContext context) =>
        _predictor.MemoryOf(context).CopyFrom(Started(lane).Coder.Memory);

    /// <inheritdoc/>
    public override void Copy(int from, int to)
    {
        // A lane's memory is too large to be copied: lanes change places instead.
        Lane moved = Started(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)to, (uint)Capacity, nameof(to));
        if (from == to)
        {
            return;
        }

        (_lanes[from], _lanes[to]) = (_lanes[to], moved);
        _lanes[from].IsStarted = false;
        if (moved.Network >= 0)
        {
            _networks[moved.Network].Copy(from, to);
        }
    }

    /// <summary>The profile of a lane's message.</summary>
    internal int ProfileOf(int lane) => Started(lane).Coder.Profile;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (ByteModelLanes network in _networks)
        {
            network.Dispose();
        }
    }

    private void Load(int lane, StreamContext? context)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)Capacity, nameof(lane));
        Lane one = _lanes[lane];
        if (context is null)
        {
            one.Coder.Memory.Clear();
        }
        else
        {
            one.Coder.Memory.CopyFrom(_predictor.MemoryOf(context)); // spec 10.2-5
        }

        one.Trial.Owe(one.Coder.Memory.Profile < 0 ? ProfileTrial.Length : 0);
        one.IsStarted = true;
    }

    private void Begin(int lane, int profile)
    {
        Lane one = _lanes[lane];
        one.Trial.Cancel();
        one.Coder.Begin(profile, _model.Profiles[profile]);
        Start(lane, _model.Profiles[profile].Network);
    }

    // The first decision: which profile. spec 10.9-2
    private void AddChoice(int profile, int last, DecisionList decisions)
    {
        (uint cumulative, uint frequency) = ProfileChoice.Interval(profile, _model.Profiles.Count, last);
        decisions.Add(cumulative << _shift, frequency << _shift);
    }

    // Whether the last profile, whose weights have adapted, is better gone on with.
    private static bool Doubts(int detected, int last, ReadOnlySpan<int> scores) =>
        last >= 0 && detected != last && (long)scores[last] - scores[detected] < EighthsToChange;

    private void BeginTrial(int lane, int detected, Span<int> scores)
    {
        int network = _model.Profiles[detected].Network;
        Lane one = _lanes[lane];
        Span<int> candidates = stackalloc int[ProfileTrial.Candidates];
        Span<int> handicaps = stackalloc int[ProfileTrial.Candidates];
        int count = 0;
        int least = scores[detected];
        while (count < candidates.Length && BestOf(scores, network) is int best and >= 0)
        {
            (_, uint frequency) = ProfileChoice.Interval(best, _model.Profiles.Count, one.Coder.Memory.Profile);
            handicaps[count] = LogisticTables.Surprisal((int)frequency) + ((scores[best] - least) / EighthsPerHandicap);
            candidates[count++] = best;
            scores[best] = int.MaxValue;
        }

        one.Trial.Begin(one.Coder.Memory, _model, candidates[..count], handicaps[..count], _predictor.FrequencyBits);
        Start(lane, network);
    }

    // Of the profiles that are to be chosen among, the detector's best; the others are out of the question.
    private int Choose(int detected, Span<int> scores)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!_model.Allows(i, AvoidsNetworks))
            {
                scores[i] = int.MaxValue;
            }
            else if (best < 0 || scores[i] < scores[best])
            {
                best = i;
            }
        }

        return best < 0 ? detected : best;
    }

    private int BestOf(ReadOnlySpan<int> scores, int network)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            bool fits = scores[i] != int.MaxValue
                && (_model.Profiles[i].Network == network || _model.Profiles[i].Network < 0);
            best = fits && (best < 0 || scores[i] < scores[best]) ? i : best;
        }

        return best;
    }

    private void Start(int lane, int network)
    {
        Lane one = _lanes[lane];
        (one.Network, one.IsStarted) = (network, true);
        if (network >= 0)
        {
            _networks[network].Start(lane);
        }
    }

    // What a decoder's lanes will likely take next.
    private void Guess(ByteModelLanes network, ReadOnlySpan<int> lanes)
    {
        foreach (int lane in lanes)
        {
            if (!_lanes[lane].IsEncoding && _lanes[lane].Coder.Mixer.Guess(out byte guess) >= SureGuess)
            {
                network.Guess(lane, guess);
            }
        }
    }

    private Lane Started(int lane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)Capacity, nameof(lane));
        Lane one = _lanes[lane];
        return one.IsStarted ? one : throw new InvalidOperationException($"Lane {lane} was not started.");
    }

    private ReadOnlySpan<uint> Weights(int lane) =>
        _lanes[lane].Network is int network and >= 0 ? _networks[network].Weights(lane) : default;

    private sealed class Lane(PresetDictionary? dictionary)
    {
        public ProfileCoder Coder { get; set; } = new(dictionary);

        public ProfileTrial Trial { get; } = new(dictionary);

        public int Network { get; set; } = -1;

        public bool IsStarted { get; set; }

        /// <summary>Whether the lane's network knows the symbols that come.</summary>
        public bool IsEncoding { get; set; }
    }
}
