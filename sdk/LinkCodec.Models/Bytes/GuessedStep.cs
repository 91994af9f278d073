namespace LinkCodec.Models.Bytes;

/// <summary>
/// A step that was computed beside another one, in case that the stream takes the guessed symbol next: where a step
/// takes the time in which the network's weights come from memory, a second one takes little more.
/// </summary>
internal sealed class GuessedStep
{
    /// <summary>The guess that a step may venture; -1 for none.</summary>
    internal int Guess { get; set; } = -1;

    /// <summary>The symbol of the step that was computed; -1 for none.</summary>
    internal int Symbol { get; set; } = -1;

    /// <summary>Where its state lies.</summary>
    internal int Slot { get; set; }

    /// <summary>Its weights.</summary>
    internal uint[] Weights { get; } = new uint[ByteNetShape.Tokens];

    /// <summary>Gives up what there is.</summary>
    internal void End() => (Guess, Symbol) = (-1, -1);
}
