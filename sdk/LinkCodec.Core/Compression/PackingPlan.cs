using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Compression;

/// <summary>Chooses which of the next small messages travel coded and which stored, so that their frames are shortest in all, headers, checks and lengths included.</summary>
/// <remarks>The least way through two states, coded and stored, each change of which begins a frame: a few nanoseconds a message.</remarks>
internal sealed class PackingPlan(int maxUnitSize)
{
    // The end of a code takes up to a byte, and the length of the frame before a new one two.
    private const long CodeEnd = PackingCost.Byte;
    private const long FrameLength = 2 * PackingCost.Byte;

    private readonly List<(bool Coded, bool Stored)> _from = []; // Of each message, whether the one before is coded, where it is coded or stored itself.
    private readonly List<bool> _isCoded = [];

    /// <summary>Looks at the messages at the head of a queue, up to the first large one, until they fill what is left of a unit however they travel.</summary>
    /// <param name="queue">In their order.</param>
    /// <param name="room">Bytes that are left.</param>
    /// <returns>Of each of them whether it travels coded; valid until the next call.</returns>
    public IReadOnlyList<bool> Make(IEnumerable<EncodedMessage> queue, int room)
    {
        _from.Clear();
        _isCoded.Clear();
        long coded = 0;
        long stored = 0;
        EncodedMessage? before = null;
        foreach (EncodedMessage message in queue)
        {
            // What lies behind a full unit is planned with the next one: so the plan does not depend on how much is queued already.
            if (message.IsLarge || Math.Min(coded, stored) > room * PackingCost.Byte)
            {
                break;
            }

            (long c, long s) = (coded, stored);
            bool isFirst = before is null;
            long beginCoded = isFirst ? 0 : FrameLength;
            long header = beginCoded + CodeEnd
                + (DataFrameWriter.HeaderLength(DataFrameKind.Coded, message.Source.Number, start: message.Base) * PackingCost.Byte);
            long stay = c + (!isFirst && before!.Base == message.Base ? 0 : header); // spec 5.5-2
            long begin = s + header;
            bool codedFromCoded = stay <= begin;
            coded = Math.Min(PackingCost.Never, Math.Min(stay, begin) + message.Cost.Coded);

            int storedHeader = DataFrameWriter.HeaderLength(DataFrameKind.Stored, message.Source.Number);
            long length = message.Source.Content.Length * PackingCost.Byte;
            bool fits = message.Source.Content.Length + storedHeader <= maxUnitSize;
            begin = c + beginCoded + (storedHeader * PackingCost.Byte);
            stay = isFirst ? begin : s + before!.Cost.Stored - (before.Source.Content.Length * PackingCost.Byte); // The length of the one before.
            bool storedFromCoded = begin < stay;
            stored = fits ? Math.Min(PackingCost.Never, Math.Min(stay, begin) + length) : PackingCost.Never;
            _from.Add((codedFromCoded, storedFromCoded));
            before = message;
        }

        bool isCoded = coded < stored;
        for (int i = _from.Count - 1; i >= 0; i--)
        {
            _isCoded.Add(isCoded);
            isCoded = isCoded ? _from[i].Coded : _from[i].Stored;
        }

        _isCoded.Reverse();
        return _isCoded;
    }
}
