using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Experts;

/// <summary>
/// Codes a message's beginning with several profiles side by side and keeps the one that it costs least with: only the encoder's time, the decoder reads the choice. Not thread-safe.
/// </summary>
/// <remarks>
/// The candidates consult the same network or none, so that it steps once for all of them, and the worse half is dropped early: <see cref="Length"/> bytes take the experts
/// less than three times what they take with one profile. Memory: 240 KB a candidate, taken when the first trial begins.
/// </remarks>
internal sealed class ProfileTrial(Corpus? corpus)
{
    /// <summary>Candidates at a message's start.</summary>
    internal const int Candidates = 6;

    /// <summary>Bytes after which it is decided, if the message is that long.</summary>
    internal const int Length = 256;

    // So many candidates may go on after so many bytes.
    private static readonly (int Bytes, int Candidates)[] Rounds = [(32, 3), (128, 2), (Length, 1)];

    private readonly List<ExpertTrack> _tracks = []; // those in the running first, in no order
    private readonly List<DecisionList> _decisions = [];
    private readonly int[] _costs = new int[Candidates]; // 256ths of a bit
    private int _running;
    private int _bytes;

    /// <summary>Whether a message's profile is still open.</summary>
    internal bool IsOpen => _running > 0;

    /// <summary>Begins a trial.</summary>
    /// <param name="start">What the message starts from; copied.</param>
    /// <param name="model">Whose profiles they are.</param>
    /// <param name="candidates">Profiles, one to <see cref="Candidates"/>.</param>
    /// <param name="handicaps">What each of them costs beforehand, in 256ths of a bit.</param>
    /// <param name="bits">Binary logarithm of the decisions' scale.</param>
    internal void Begin(ExpertMemory start, ExpertModel model, ReadOnlySpan<int> candidates, ReadOnlySpan<int> handicaps, int bits)
    {
        (_running, _bytes) = (candidates.Length, 0);
        for (int i = 0; i < _running; i++)
        {
            if (i == _tracks.Count)
            {
                _tracks.Add(new ExpertTrack(corpus));
                _decisions.Add(new DecisionList(bits));
            }

            _decisions[i].Clear();
            _costs[i] = handicaps[i];
            _tracks[i].Memory.CopyFrom(start);
            _tracks[i].Begin(candidates[i], model.Profiles[candidates[i]]);
        }
    }

    /// <summary>Gives the trial up.</summary>
    internal void Cancel() => _running = 0;

    /// <summary>Codes a symbol with every profile in the running.</summary>
    /// <returns>Whether one is left: <see cref="Take"/> gives it.</returns>
    internal bool Encode(int symbol, ReadOnlySpan<uint> network, ExpertModel model, int shift)
    {
        for (int i = 0; i < _running; i++)
        {
            ExpertTrack track = _tracks[i];
            _costs[i] += track.Encode(symbol, model.Profiles[track.Profile].Network < 0 ? default : network, _decisions[i], shift);
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

    /// <summary>Ends the trial: the winner leaves in exchange for another track.</summary>
    /// <param name="other">Put in the winner's place.</param>
    /// <param name="decisions">What the winner's symbols took, without the choice of its profile; valid until the next trial.</param>
    internal ExpertTrack Take(ExpertTrack other, out ReadOnlySpan<Decision> decisions)
    {
        ExpertTrack winner = _tracks[0];
        _tracks[0] = other;
        _running = 0;
        decisions = _decisions[0].Items;
        return winner;
    }

    private void DropWorst()
    {
        int worst = 0;
        for (int i = 1; i < _running; i++)
        {
            worst = _costs[i] >= _costs[worst] ? i : worst; // of equals the one that the detector liked less
        }

        _running--;
        (_tracks[worst], _tracks[_running]) = (_tracks[_running], _tracks[worst]);
        (_decisions[worst], _decisions[_running]) = (_decisions[_running], _decisions[worst]);
        (_costs[worst], _costs[_running]) = (_costs[_running], _costs[worst]);
    }
}
