using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Endpoint;

/// <summary>What of a unit's messages goes with it: whole ones, and parts of others. Immutable.</summary>
/// <param name="Whole">Ranges of messages that are whole in it: the first, and the one behind the last.</param>
/// <param name="Parts">Parts of others: the message, where the part begins and ends, and the message's length.</param>
internal sealed record UnitCoverage(
    IReadOnlyList<(ulong First, ulong End)> Whole,
    IReadOnlyList<(ulong Number, int Start, int End, int Length)> Parts);

/// <summary>
/// What the receiver has reported of a stream: how many messages from the first on, and how many bytes of the next one.
/// A session that resumes this one need not send them again. Not thread-safe.
/// </summary>
/// <remarks>Memory: the lengths of messages that wait, and ranges for what was reported out of order.</remarks>
internal sealed class ReportedProgress
{
    private readonly NumberSet _whole = new();
    private readonly Dictionary<ulong, int> _lengths = []; // Of messages of which not all was sent.
    private readonly SortedDictionary<ulong, SortedList<int, int>> _parts = []; // Ranges, from start to end.

    /// <summary>Messages before this number are reported whole.</summary>
    public ulong Messages => _whole.FirstMissing;

    /// <summary>Bytes from the beginning of that message that are reported.</summary>
    public int Bytes => _parts.TryGetValue(Messages, out SortedList<int, int>? ranges)
        && ranges.TryGetValue(0, out int end) ? end : 0;

    /// <summary>Notes a message that is to be sent.</summary>
    public void OnQueued(OutgoingMessage message) => _lengths[message.Number] = message.Content.Length;

    /// <summary>The receiver has the messages before a number, and of the next one some bytes.</summary>
    public void PassOver(ulong number, int bytes, int length)
    {
        _whole.PassOver(number);
        foreach (ulong old in _parts.Keys.TakeWhile(key => key < Messages).ToArray())
        {
            _parts.Remove(old);
        }

        Add(number, 0, bytes, length);
    }

    /// <summary>What goes with a unit that leaves.</summary>
    public UnitCoverage Cover(PackedUnit unit)
    {
        List<(ulong, ulong)> whole = [];
        List<(ulong, int, int, int)> parts = [];
        long known = 0;
        foreach (DataFrame frame in unit.Frames.Where(frame => frame.Kind != DataFrameKind.Media))
        {
            ulong first = frame.FirstMessage;
            ulong end = first + (ulong)frame.Count;
            ulong cut = frame.IsLast ? end : end - 1;
            if (frame.Offset > 0 && first < cut)
            {
                int length = _lengths.GetValueOrDefault(first);
                parts.Add((first, (int)frame.Offset, length, length));
                known += length - (int)frame.Offset;
                first++;
            }

            for (ulong number = first; number < cut; number++)
            {
                _lengths.Remove(number, out int length);
                known += length;
            }

            if (first < cut)
            {
                whole.Add((first, cut));
            }

            if (!frame.IsLast) // The last frame of the unit: what is left of its bytes is of this message.
            {
                int start = frame.Count == 1 ? (int)frame.Offset : 0;
                parts.Add((cut, start, start + (int)(unit.MessageBytes - known), _lengths.GetValueOrDefault(cut)));
            }
        }

        return new UnitCoverage(whole, parts);
    }

    /// <summary>A unit is reported.</summary>
    public void OnReported(UnitCoverage unit)
    {
        foreach ((ulong first, ulong end) in unit.Whole)
        {
            for (ulong number = first; number < end; number++)
            {
                _whole.Add(number);
            }
        }

        foreach ((ulong number, int start, int end, int length) in unit.Parts)
        {
            Add(number, start, end, length);
        }
    }

    private void Add(ulong number, int start, int end, int length)
    {
        if (start >= end || _whole.Contains(number))
        {
            return;
        }

        if (!_parts.TryGetValue(number, out SortedList<int, int>? ranges))
        {
            _parts[number] = ranges = [];
        }

        for (int i = 0; i < ranges.Count;)
        {
            if (ranges.Keys[i] > end || ranges.Values[i] < start)
            {
                i++;
                continue;
            }

            (start, end) = (Math.Min(start, ranges.Keys[i]), Math.Max(end, ranges.Values[i]));
            ranges.RemoveAt(i);
        }

        ranges.Add(start, end);
        if (start == 0 && end == length)
        {
            _parts.Remove(number);
            _lengths.Remove(number);
            _whole.Add(number);
        }
    }
}
