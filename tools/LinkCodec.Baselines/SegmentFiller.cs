namespace LinkCodec.Baselines;

/// <summary>
/// Fills segments with a baseline: as many consecutive messages as fit into a datagram are one block.
/// </summary>
/// <remarks>
/// A message that is too large for a datagram is a block of its own, compressed whole, for the link to cut. About six
/// compressions a block.
/// </remarks>
/// <param name="codec">Makes the blocks.</param>
/// <param name="room">The bytes that the block with an index may have, at least 1.</param>
internal sealed class SegmentFiller(BlockCodec codec, Func<int, int> room)
{
    private const int FirstGuess = 16;

    // More messages rarely take fewer bytes; where that is so, it is within a few.
    private const int LookAhead = 2;

    // A block of more raw bytes than this for each of its own is found by growing, not by guessing.
    private const int MostGuessedRatio = 32;

    private const int EstimatesBeforeHalving = 6;

    /// <summary>The blocks of all messages, in order.</summary>
    public IEnumerable<PackedBlock> Fill(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        int guess = FirstGuess;
        for ((int first, int index) = (0, 0); first < messages.Count; index++)
        {
            PackedBlock block = Largest(messages, first, room(index), guess);
            yield return block;
            first += block.Count;
            guess = block.Count;
        }
    }

    private PackedBlock Largest(IReadOnlyList<ReadOnlyMemory<byte>> messages, int first, int bytes, int guess)
    {
        // The largest count that is known to fit, and the smallest known not to.
        int fits = 0;
        int exceeds = messages.Count - first + 1;
        PackedBlock best = default;
        int count = Math.Min(guess, Limit(messages, first, bytes));
        for (int probes = 1; exceeds - fits > 1; probes++)
        {
            PackedBlock block = new(codec.Pack(messages, first, count), first, count);
            bool isFit = block.Content.Length <= bytes;
            if (!isFit && count == 1)
            {
                return block;
            }

            (fits, exceeds, best) = isFit ? (count, exceeds, block) : (fits, count, best);
            // Bytes grow with messages nearly in proportion, so a few estimates do; halving ends what they don't.
            int estimate = (int)Math.Min((long)count * bytes / block.Content.Length, 2L * count);
            count = probes > EstimatesBeforeHalving && exceeds <= messages.Count - first
                ? (fits + exceeds) / 2
                : Math.Clamp(estimate, fits + 1, Math.Max(exceeds - 1, fits + 1));
        }

        return Beyond(messages, bytes, best);
    }

    private PackedBlock Beyond(IReadOnlyList<ReadOnlyMemory<byte>> messages, int bytes, PackedBlock best)
    {
        int end = Math.Min(best.Count + 1 + LookAhead, messages.Count - best.First);
        for (int count = best.Count + 2; count <= end; count++)
        {
            byte[] content = codec.Pack(messages, best.First, count);
            if (content.Length <= bytes)
            {
                best = best with { Content = content, Count = count };
                end = Math.Min(count + 1 + LookAhead, messages.Count - best.First);
            }
        }

        return best;
    }

    // So many of the messages that their bytes can be expected to fit.
    private static int Limit(IReadOnlyList<ReadOnlyMemory<byte>> messages, int first, int bytes)
    {
        int count = 1;
        long raw = messages[first].Length;
        while (first + count < messages.Count && count < short.MaxValue
            && (raw += messages[first + count].Length) <= (long)MostGuessedRatio * bytes)
        {
            count++;
        }

        return count;
    }
}

/// <summary>A block of consecutive messages.</summary>
/// <param name="Content">The block's bytes.</param>
/// <param name="First">The index of its first message.</param>
/// <param name="Count">How many messages it holds.</param>
internal readonly record struct PackedBlock(byte[] Content, int First, int Count);
