using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Experts;

/// <summary>A message in the course of coding with one profile: its experts and what they remember. Not thread-safe.</summary>
internal sealed class ExpertTrack(Corpus? corpus)
{
    /// <summary>What the experts remember; 240 KB.</summary>
    internal ExpertMemory Memory { get; } = new();

    /// <summary>The experts.</summary>
    internal ExpertCoder Coder { get; } = new(corpus);

    /// <summary>The profile's number.</summary>
    internal int Profile { get; private set; }

    /// <summary>Begins a message with a profile; the memory was put to its start before.</summary>
    internal void Begin(int profile, ExpertProfile start)
    {
        Profile = profile;
        Coder.Begin(Memory, start);
    }

    /// <summary>Adds a symbol's decisions and learns it. spec 10.9-3</summary>
    /// <param name="symbol">A byte or <see cref="Predictor.EndSymbol"/>.</param>
    /// <param name="network">The network's weights; empty without one.</param>
    /// <param name="decisions">On a scale that is 2^<paramref name="shift"/> times the experts'.</param>
    /// <param name="shift">0 to 8.</param>
    /// <returns>What the decisions cost, in 256ths of a bit, more or less.</returns>
    internal int Encode(int symbol, ReadOnlySpan<uint> network, DecisionList decisions, int shift)
    {
        bool ends = symbol == Predictor.EndSymbol;
        int yes = Coder.PredictEnd(network);
        int cost = Add(yes, ends, decisions, shift);
        Coder.LearnEnd(ends);
        if (ends)
        {
            Coder.EndMessage();
            return cost;
        }

        Coder.BeginByte();
        for (int place = 7; place >= 0; place--)
        {
            int bit = (symbol >> place) & 1;
            cost += Add(Coder.PredictBit(), bit != 0, decisions, shift);
            Coder.LearnBit(bit);
        }

        Coder.EndByte();
        return cost;
    }

    private static int Add(int yes, bool isYes, DecisionList decisions, int shift)
    {
        decisions.AddBit((uint)(65536 - yes) << shift, isYes);
        return LogScale.Surprise(isYes ? yes : 65536 - yes);
    }
}
