using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// A message in the course of coding with one profile: its models, and what they remember. Not thread-safe.
/// </summary>
internal sealed class ProfileCoder(PresetDictionary? dictionary)
{
    /// <summary>The memory of the models; 320 KB.</summary>
    internal MixingMemory Memory { get; } = new();

    /// <summary>The models and their mixer.</summary>
    internal ContextMixer Mixer { get; } = new(dictionary);

    /// <summary>The profile's number.</summary>
    internal int Profile { get; private set; }

    /// <summary>Begins a message with a profile; the memory was put to its start before.</summary>
    internal void Begin(int profile, MixingProfile start)
    {
        Profile = profile;
        Mixer.Begin(Memory, start);
    }

    /// <summary>Adds a symbol's decisions and learns it.</summary>
    /// <param name="symbol">A byte or <see cref="Predictor.EndSymbol"/>.</param>
    /// <param name="network">The network's weights; empty without one.</param>
    /// <param name="decisions">The list that gets the decisions, on a scale that is 2^<paramref name="shift"/> times
    /// the mixer's.</param>
    /// <param name="shift">Binary logarithm of the decisions' scale over the mixer's, 0 to 8.</param>
    /// <returns>The cost of the decisions, in 256ths of a bit, more or less.</returns>
    internal int Encode(int symbol, ReadOnlySpan<uint> network, DecisionList decisions, int shift)
    {
        DecisionWriter writer = new(decisions, shift);
        Mixer.Code(ref writer, symbol, network);
        return writer.Cost;
    }

    /// <summary>Reads a symbol's decisions and learns it.</summary>
    /// <param name="network">The network's weights; empty without one.</param>
    /// <param name="reader">The reader, which stands before the symbol's decisions.</param>
    /// <param name="shift">Binary logarithm of the decisions' scale over the mixer's, as for
    /// <see cref="Encode"/>.</param>
    /// <returns>The symbol.</returns>
    internal int Decode(ReadOnlySpan<uint> network, DecisionReader reader, int shift)
    {
        DecisionDecoder decoder = new(reader, shift);
        return Mixer.Code(ref decoder, 0, network);
    }
}
