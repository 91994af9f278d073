using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Codes a message's beginning with several profiles side by side and keeps the one that it costs least with: only the
/// encoder's time, the decoder reads the choice. Not thread-safe.
/// </summary>
/// <remarks>
/// The candidates consult the same network or none, so that it steps once for all of them, and the worse half is
/// dropped early: <see cref="Length"/> bytes take the models less than three times what they take with one profile.
/// Memory: 320 KB a candidate, taken when the first trial begins.
/// </remarks>
internal sealed class ProfileTrial(PresetDictionary? dictionary)
{
    /// <summary>Candidates at a message's start.</summary>
    internal const int Candidates = 6;

    /// <summary>Bytes after which it is decided, if the message is that long.</summary>
    internal const int Length = 256;

    // After this many bytes at most this many candidates go on.
    private static readonly (int Bytes, int Candidates)[] Rounds = [(32, 3), (128, 2), (Length, 1)];

    private readonly List<Candidate> _candidates = []; // the candidates in the running first, in no order
    private int _owed; // bytes of the stream that are yet to be tried
    private int _running;
    private int _bytes;

    /// <summary>Whether a message's profile is still open.</summary>
    internal bool IsOpen => _running > 0;

    /// <summary>Whether the stream has not been tried for long enough to know its profile.</summary>
    internal bool IsOwed => _owed > 0;

    /// <summary>Begins a stream.</summary>
    /// <param name="bytes">Bytes of messages at its start that are to be tried.</param>
    internal void Owe(int bytes) => _owed = bytes;

    /// <summary>Begins a trial.</summary>
    /// <param name="start">The memory that the message starts from; copied.</param>
    /// <param name="model">The model whose profiles are tried.</param>
    /// <param name="profiles">The candidates, one to <see cref="Candidates"/>.</param>
    /// <param name="handicaps">The cost of each profile beforehand, in 256ths of a bit.</param>
    /// <param name="bits">Binary logarithm of the decisions' scale.</param>
    internal void Begin(MixingMemory start, MixingModel model, ReadOnlySpan<int> profiles,
        ReadOnlySpan<int> handicaps, int bits)
    {
        (_running, _bytes) = (profiles.Length, 0);
        for (int i = 0; i < _running; i++)
        {
            if (i == _candidates.Count)
            {
                _candidates.Add(new Candidate(new ProfileCoder(dictionary), new DecisionList(bits)));
            }

            Candidate candidate = _candidates[i];
            candidate.Cost = handicaps[i];
            candidate.Decisions.Clear();
            candidate.Coder.Memory.CopyFrom(start);
            candidate.Coder.Begin(profiles[i], model.Profiles[profiles[i]]);
        }
    }

    /// <summary>Gives the trial up.</summary>
    internal void Cancel() => _running = 0;

    /// <summary>Codes a symbol with every profile in the running.</summary>
    /// <returns>Whether one candidate is left: <see cref="Take"/> gives it.</returns>
    internal bool Encode(int symbol, ReadOnlySpan<uint> network, MixingModel model, int shift)
    {
        for (int i = 0; i < _running; i++)
        {
            Candidate candidate = _candidates[i];
            ReadOnlySpan<uint> weights = model.Profiles[candidate.Coder.Profile].Network < 0 ? default : network;
            candidate.Cost += candidate.Coder.Encode(symbol, weights, candidate.Decisions, shift);
        }

        _bytes++;
        int left = symbol == Predictor.EndSymbol ? 1 : _running;
        foreach ((int bytes, int candidates) in Rounds)
        {
            left = _bytes >= bytes ? Math.Min(left, candidates) : left;
        }

        while (_running > left)
        {
            DropWorst();
        }

        return _running == 1;
    }

    /// <summary>Ends the trial: the winner leaves in exchange for another coder.</summary>
    /// <param name="other">Put in the winner's place.</param>
    /// <param name="decisions">The decisions of the winner's symbols, without the choice of its profile; valid until
    /// the next trial.</param>
    internal ProfileCoder Take(ProfileCoder other, out ReadOnlySpan<Decision> decisions)
    {
        Candidate winner = _candidates[0];
        ProfileCoder coder = winner.Coder;
        winner.Coder = other;
        _running = 0;
        _owed -= _bytes;
        decisions = winner.Decisions.Items;
        return coder;
    }

    private void DropWorst()
    {
        int worst = 0;
        for (int i = 1; i < _running; i++)
        {
            // of equals the candidate that the detector liked less
            worst = _candidates[i].Cost >= _candidates[worst].Cost ? i : worst;
        }

        _running--;
        (_candidates[worst], _candidates[_running]) = (_candidates[_running], _candidates[worst]);
    }

    private sealed class Candidate(ProfileCoder coder, DecisionList decisions)
    {
        public ProfileCoder Coder { get; set; } = coder;

        public DecisionList Decisions { get; } = decisions;

        public int Cost { get; set; } // 256ths of a bit
    }
}
