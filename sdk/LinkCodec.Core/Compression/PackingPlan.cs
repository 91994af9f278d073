namespace LinkCodec.Core.Compression;

/// <summary>Chooses which of the next small messages travel coded and which stored, so that their frames are shortest
/// in all, headers, checks and lengths included.</summary>
/// <remarks>The shortest way through two states, coded and stored, each change of which begins a frame; never longer
/// than all of them stored. Tens of nanoseconds a message.</remarks>
internal sealed class PackingPlan(int maxUnitSize)
{
    // For each message this says whether the one before it is coded, where it is coded itself and where it is stored.
    private readonly List<(bool Coded, bool Stored)> _from = [];
    private readonly List<bool> _isCoded = [];

    /// <summary>Looks at the messages at the head of a queue, up to the first large one, until they fill what is left
    /// of a unit however they travel.</summary>
    /// <param name="queue">The messages, in their order.</param>
    /// <param name="room">Bytes that are left.</param>
    /// <returns>Whether each of the messages travels coded; valid until the next call.</returns>
    public IReadOnlyList<bool> Make(IEnumerable<EncodedMessage> queue, int room)
    {
        _from.Clear();
        _isCoded.Clear();
        PackingWay coded = default;
        PackingWay stored = default;
        PackingWay allStored = default;
        foreach (EncodedMessage message in queue)
        {
            // Messages behind a full unit are planned with the next one, so that the plan does not depend on how much
            // is queued already.
            if (message.IsLarge || Math.Min(coded.Size, stored.Size) > room)
            {
                break;
            }

            PackingWay toCoded = coded.Add(message, isCoded: true, maxUnitSize);
            PackingWay toCodedFromStored = stored.Add(message, isCoded: true, maxUnitSize);
            PackingWay toStored = stored.Add(message, isCoded: false, maxUnitSize);
            PackingWay toStoredFromCoded = coded.Add(message, isCoded: false, maxUnitSize);
            bool stays = toCoded.Size <= toCodedFromStored.Size;
            bool leaves = toStoredFromCoded.Size < toStored.Size;
            coded = stays ? toCoded : toCodedFromStored;
            stored = leaves ? toStoredFromCoded : toStored;
            allStored = allStored.Add(message, isCoded: false, maxUnitSize);
            _from.Add((stays, leaves));
        }

        if (Math.Min(coded.Size, stored.Size) >= allStored.Size)
        {
            _isCoded.AddRange(Enumerable.Repeat(false, _from.Count));
            return _isCoded;
        }

        bool isCoded = coded.Size < stored.Size;
        for (int i = _from.Count - 1; i >= 0; i--)
        {
            _isCoded.Add(isCoded);
            isCoded = isCoded ? _from[i].Coded : _from[i].Stored;
        }

        _isCoded.Reverse();
        return _isCoded;
    }
}
