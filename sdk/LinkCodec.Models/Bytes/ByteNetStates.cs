namespace LinkCodec.Models.Bytes;

/// <summary>States of some lanes of a byte net, and the step that advances any of them together.</summary>
/// <remarks>
/// Lanes are numbered from 0. What a lane's state and logits are depends on its own tokens alone. For one thread at a
/// time; a step allocates nothing once its number of lanes has come before. Arguments are checked by the caller,
/// <see cref="ByteNetModelLanes"/> or whoever else; none can reach past the states' memory.
/// </remarks>
internal abstract class ByteNetStates(int capacity) : IDisposable
{
    /// <summary>The number of lanes.</summary>
    internal int Capacity { get; } = capacity;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Sets a lane to the zero state: before START.</summary>
    internal abstract void Reset(int lane);

    /// <summary>Takes a lane's state out: row after row of the shape's width.</summary>
    internal abstract void Save(int lane, Span<float> state);

    /// <summary>Gives a lane a state that was taken out of one of the same network.</summary>
    internal abstract void Restore(int lane, ReadOnlySpan<float> state);

    /// <summary>Gives <paramref name="to"/> the state of <paramref name="from"/>.</summary>
    internal abstract void Copy(int from, int to);

    /// <summary>
    /// Whether a step may have a lane several times: it then takes these tokens one after the other.
    /// </summary>
    internal virtual bool TakesRuns => false;

    /// <summary>Advances some lanes by one token each.</summary>
    /// <param name="lanes">The lanes' numbers, in any order, all different unless <see cref="TakesRuns"/>.</param>
    /// <param name="tokens">The token of each lane: a byte, or <see cref="ByteNetShape.StartToken"/>.</param>
    /// <param name="logits">Takes 257 logits for each of them, in the order of <paramref name="lanes"/>.</param>
    internal abstract void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> tokens, Span<int> logits);

    /// <summary>The same, where a lane may go on from another one's state; only if <see cref="TakesRuns"/>.</summary>
    /// <param name="lanes">The lanes' numbers.</param>
    /// <param name="origins">For each of them the lane whose state it starts from, as the places before have left it;
    /// itself, as a rule.</param>
    /// <param name="tokens">The token of each lane.</param>
    /// <param name="logits">Takes the logits.</param>
    internal virtual void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> origins, ReadOnlySpan<int> tokens,
        Span<int> logits) => Step(lanes, tokens, logits);

    /// <summary>Refuses what would reach past a lane or a buffer.</summary>
    private protected void CheckStep(ReadOnlySpan<int> lanes, ReadOnlySpan<int> tokens, Span<int> logits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Length, lanes.Length, nameof(tokens));
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, lanes.Length * ByteNetShape.Tokens, nameof(logits));
        for (int i = 0; i < lanes.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lanes[i], (uint)Capacity, nameof(lanes));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tokens[i], (uint)ByteNetShape.Tokens,
                nameof(tokens));
        }
    }
}
