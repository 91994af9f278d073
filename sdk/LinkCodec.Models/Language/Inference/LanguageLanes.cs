using LinkCodec.Core.Prediction;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Messages in the course of coding. Those that are encoded are read in chunks, each in its own row; those that are
/// decoded wait for each other and are stepped together.
/// </summary>
internal sealed class LanguageLanes : PredictorLanes
{
    private const uint Escape = 1u << 16; // slots of a raw byte
    private readonly LanguagePredictor _predictor;
    private readonly LanguageModel _model;
    private readonly KvCache _cache;
    private readonly PredictorLanes _mixing;
    private readonly ModelSelector _selector;
    private readonly Lane[] _lanes;
    private readonly int[] _tokens;

    internal LanguageLanes(LanguagePredictor predictor, int capacity)
    {
        _predictor = predictor;
        _model = predictor.Model;
        _cache = _model.Network.CreateCache(capacity);
        _mixing = _model.ContextMixing.CreateLanes(capacity);
        _selector = new ModelSelector(_model);
        _lanes = [.. Enumerable.Range(0, capacity).Select(row => new Lane(_model, _cache, row))];
        _tokens = new int[capacity];
    }

    private enum Mode
    {
        None,
        ContextMixing,
        Encoding,
        Decoding,
    }

    /// <inheritdoc/>
    public override int Capacity => _lanes.Length;

    /// <inheritdoc/>
    public override bool AvoidsNetworks { get => _mixing.AvoidsNetworks; set => _mixing.AvoidsNetworks = value; }

    /// <inheritdoc/>
    public override void BeginEncode(int lane, ReadOnlySpan<byte> message, ContentHint hint, StreamContext? context,
        DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        LanguageContext? learned = _predictor.ContextOf(context);
        At(lane).StartFrom(learned);
        _mixing.BeginEncode(lane, message, hint, learned?.ContextMixing, decisions); // spec 11.1-1
        Choose(lane, message, hint, learned, decisions);
    }

    /// <inheritdoc/>
    public override void ContinueEncode(
        int lane, ReadOnlySpan<byte> message, ContentHint hint, DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        LanguageContext learned = Settle(lane);
        _mixing.ContinueEncode(lane, message, hint, decisions);
        Choose(lane, message, hint, learned, decisions);
    }

    /// <inheritdoc/>
    public override void BeginDecode(int lane, StreamContext? context, ref DecisionReader reader)
    {
        LanguageContext? learned = _predictor.ContextOf(context);
        At(lane).StartFrom(learned);
        _mixing.BeginDecode(lane, learned?.ContextMixing, ref reader);
        ReadChoice(lane, learned, ref reader);
    }

    /// <inheritdoc/>
    public override void ContinueDecode(int lane, ref DecisionReader reader)
    {
        LanguageContext learned = Settle(lane);
        _mixing.ContinueDecode(lane, ref reader);
        ReadChoice(lane, learned, ref reader);
    }

    /// <inheritdoc/>
    public override void Save(int lane, StreamContext context) => context.CopyFrom(Settle(lane));

    private void Choose(
        int lane, ReadOnlySpan<byte> message, ContentHint hint, LanguageContext? learned, DecisionList decisions)
    {
        Lane one = At(lane);
        ModelProbabilities probabilities = learned?.Probabilities ?? _predictor.Probabilities;
        int profile = ProfileOf(lane);
        one.Plan.Begin(message);
        bool isLanguage = !AvoidsNetworks && !one.Plan.IsDense(message.Length);
        if (isLanguage)
        {
            one.State.CopyFrom(StartOf(learned, profile));
            isLanguage = _selector.PrefersLanguage(message, hint, learned?.ContextMixing, one.Plan, one.State,
                probabilities);
        }

        decisions.AddBit(probabilities.No(profile), isLanguage); // spec 11.1-2
        Begin(one, isLanguage ? Mode.Encoding : Mode.ContextMixing);
        one.Profile = profile;
    }

    private void ReadChoice(int lane, LanguageContext? learned, ref DecisionReader reader)
    {
        Lane one = At(lane);
        int profile = ProfileOf(lane);
        if (reader.TakeBit((learned?.Probabilities ?? _predictor.Probabilities).No(profile)))
        {
            one.State.CopyFrom(StartOf(learned, profile));
            Begin(one, Mode.Decoding);
        }
        else
        {
            Begin(one, Mode.ContextMixing);
        }

        one.Profile = profile;
    }

    // What the lane has learned with the message that has ended last, which it is told once.
    private LanguageContext Settle(int lane)
    {
        Lane one = Started(lane);
        LanguageContext learned = one.Learned ??= new LanguageContext(_predictor);
        if (one.IsSettled)
        {
            return learned;
        }

        if (!one.HasLearned)
        {
            learned.Clear();
        }

        bool isLanguage = one.Mode != Mode.ContextMixing;
        if (isLanguage)
        {
            if (one.Mode == Mode.Encoding && !one.Plan.IsWhole)
            {
                Unread(one, learned);
            }

            learned.Read(one.State, one.Mode == Mode.Encoding ? one.Plan.Last : one.Last);
        }

        learned.Probabilities.Learn(one.Profile, isLanguage); // spec 11.7-1
        _mixing.Save(lane, learned.ContextMixing);
        (one.IsSettled, one.HasLearned) = (true, true);
        return learned;
    }

    // Of a message that was cut, the encoder has read further ahead than any decoder will.
    private void Unread(Lane one, LanguageContext learned)
    {
        EndProbabilityMap ends = new();
        ends.CopyFrom(one.State.Ends);
        one.State.CopyFrom(learned.HasRead ? learned.State : _model.StartOf(one.Profile));
        one.Plan.ReadCoded(one.State, _selector.Quantiser);
        one.State.Ends.CopyFrom(ends);
    }

    /// <inheritdoc/>
    public override void Encode(int lane, int symbol, DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbol, (uint)Predictor.EndSymbol, nameof(symbol));
        Lane one = Started(lane);
        if (one.Mode == Mode.ContextMixing)
        {
            _mixing.Encode(lane, symbol, decisions);
        }
        else if (symbol == Predictor.EndSymbol)
        {
            one.Plan.EncodeEnd(one.State, _selector.Quantiser, decisions);
        }
        else
        {
            one.Plan.Encode((byte)symbol, one.State, _selector.Quantiser, decisions);
        }
    }

    /// <inheritdoc/>
    public override int Decode(int lane, ref DecisionReader reader)
    {
        Lane one = Started(lane);
        if (one.Mode == Mode.ContextMixing)
        {
            return _mixing.Decode(lane, ref reader);
        }

        if (one.Waits)
        {
            throw new InvalidOperationException($"Lane {lane} waits for a step.");
        }

        if (one.Given == 0)
        {
            int cell = EndProbabilityMap.Cell(one.Last, one.Elements, one.State.Bin);
            bool ended = reader.TakeBit(one.State.Ends.No(cell)); // spec 11.4-4
            one.State.Ends.Learn(cell, ended);
            if (ended)
            {
                return Predictor.EndSymbol;
            }

            one.Elements++;
            one.Token = TakeToken(one.State, ref reader);
            if (_model.IsEscape(one.Token))
            {
                uint raw = reader.Peek() / Escape; // spec 11.5-4
                reader.Take(raw * Escape, Escape);
                return one.Last = (int)raw;
            }
        }

        ReadOnlySpan<byte> bytes = _model.Tokens.Bytes(one.Token);
        one.Last = bytes[one.Given];
        one.Given = one.Given + 1 < bytes.Length ? one.Given + 1 : 0;
        one.Waits = one.Given == 0;
        return one.Last;
    }

    /// <inheritdoc/>
    public override bool NeedsStep(int lane) =>
        Started(lane) is { Mode: Mode.ContextMixing } ? _mixing.NeedsStep(lane) : _lanes[lane].Waits;

    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<int> symbols)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(symbols.Length, Capacity, nameof(symbols));
        bool waits = false, byMixing = false;
        for (int lane = 0; lane < symbols.Length; lane++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbols[lane], (uint)Predictor.EndSymbol,
                nameof(symbols));
            waits |= Started(lane).Waits;
            byMixing |= _lanes[lane].Mode == Mode.ContextMixing;
        }

        if (byMixing)
        {
            _mixing.Step(symbols); // a lane of the language model has nothing to lose in context mixing
        }

        if (!waits)
        {
            return;
        }

        Span<int> tokens = _tokens.AsSpan(0, symbols.Length);
        for (int lane = 0; lane < tokens.Length; lane++)
        {
            Lane one = _lanes[lane];
            tokens[lane] = one.Waits ? one.Token : -1;
            if (one.Waits)
            {
                one.State.ShiftContext();
                one.State.Add([one.Token]);
            }
        }

        ReadOnlySpan<float> logits = _cache.Step(tokens);
        for (int lane = 0; lane < tokens.Length; lane++)
        {
            if (_lanes[lane].Waits)
            {
                _lanes[lane].State.Advance(tokens[lane],
                    logits.Slice(lane * _model.Shape.Vocabulary, _model.Shape.Vocabulary));
                _lanes[lane].Waits = false;
            }
        }
    }

    /// <inheritdoc/>
    public override void Copy(int from, int to)
    {
        Lane moved = Started(from);
        Lane other = At(to);
        if (from == to)
        {
            return;
        }

        _mixing.Copy(from, to);
        if (moved.Mode != Mode.ContextMixing)
        {
            moved.State.MoveTo(to);
        }

        moved.State.Row = to;
        other.State.Row = from;
        Begin(other, Mode.None);
        (_lanes[from], _lanes[to]) = (other, moved);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _cache.Dispose();
        _mixing.Dispose();
        _selector.Dispose();
        foreach (Lane lane in _lanes)
        {
            lane.Learned?.Dispose();
        }
    }

    private int TakeToken(SequenceState state, ref DecisionReader reader)
    {
        if (state.Candidate >= 0 && reader.TakeBit(state.NoMatch)) // spec 11.5-7
        {
            return state.Candidate;
        }

        _selector.Quantiser.Load(state.Weights);
        int token = _selector.Quantiser.Find(reader.Peek(), out uint cumulative, out uint frequency);
        reader.Take(cumulative, frequency); // spec 11.5-3
        return token;
    }

    // spec 11.7-4
    private SequenceState StartOf(LanguageContext? context, int profile) =>
        context is { HasRead: true } ? context.State : _model.StartOf(profile);

    private void Begin(Lane lane, Mode mode)
    {
        lane.Begin(mode);
        if (mode is Mode.None or Mode.ContextMixing)
        {
            _cache.Truncate(lane.State.Row, 0); // a long row that nobody uses would make the others' steps wide
        }
    }

    private int ProfileOf(int lane) => _model.ContextMixing.ProfileOf(_mixing, lane);

    private Lane At(int lane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)Capacity, nameof(lane));
        return _lanes[lane];
    }

    private Lane Started(int lane) =>
        At(lane) is { Mode: not Mode.None } one
            ? one
            : throw new InvalidOperationException($"Lane {lane} was not started.");

    private sealed class Lane(LanguageModel model, KvCache cache, int row)
    {
        public SequenceState State { get; } = new(model, cache, row);

        public TokenizedMessage Plan { get; } = new(model);

        public Mode Mode { get; private set; }

        public int Token { get; set; }

        /// <summary>Bytes of the token that were given.</summary>
        public int Given { get; set; }

        /// <summary>The byte before; -1 at the start.</summary>
        public int Last { get; set; }

        /// <summary>Elements of the message so far.</summary>
        public int Elements { get; set; }

        /// <summary>Whether the network has yet to read the token.</summary>
        public bool Waits { get; set; }

        /// <summary>The profile of the message.</summary>
        public int Profile { get; set; }

        /// <summary>What was learned from the messages before this one, where <see cref="HasLearned"/>; made when a
        /// message is followed by another one.</summary>
        public LanguageContext? Learned { get; set; }

        /// <summary>Whether <see cref="Learned"/> holds a message.</summary>
        public bool HasLearned { get; set; }

        /// <summary>Whether <see cref="Learned"/> holds the message that was coded last.</summary>
        public bool IsSettled { get; set; }

        public void Begin(Mode mode) =>
            (Mode, Given, Last, Elements, Waits, IsSettled) = (mode, 0, -1, 0, false, false);

        /// <summary>Begins with what a context has learned, or with nothing.</summary>
        public void StartFrom(LanguageContext? context)
        {
            HasLearned = context is not null;
            if (context is not null)
            {
                (Learned ??= new LanguageContext(context.Predictor)).CopyFrom(context);
            }
        }
    }
}
