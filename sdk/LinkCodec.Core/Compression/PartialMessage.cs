namespace LinkCodec.Core.Compression;

/// <summary>The parts of a large message that have arrived.</summary>
internal sealed class PartialMessage
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _parts = [];
    private readonly SortedSet<int> _starts = [];

    // The length of the message is known once its last part has come.
    private int _end = -1;
    private bool _isGoneOnWith;
    private int _last; // Where the last byte that is there ends.

    /// <summary>The parts, with their places, in order.</summary>
    public IEnumerable<(int Offset, ReadOnlyMemory<byte> Content)> Parts =>
        _starts.Select(start => (start, _parts[start]));

    /// <summary>Bytes held.</summary>
    public long Held { get; private set; }

    /// <summary>The memory that the parts take, about, in bytes.</summary>
    public long Cost => Held + ((long)CompressionLimits.HeldCost * _parts.Count);

    /// <summary>Adds the beginning of the message, which came in an earlier session. Parts of this one may overlap
    /// it.</summary>
    public bool TryAddBeginning(ReadOnlyMemory<byte> content)
    {
        _isGoneOnWith = true;
        return TryAdd(0, content, isLast: false);
    }

    /// <summary>Bytes from the beginning of the message that are there.</summary>
    public int Front { get; private set; }

    /// <summary>Adds a part; <see langword="false"/> when it contradicts another one. Of a part that overlaps others,
    /// what is new is added.</summary>
    public bool TryAdd(int offset, ReadOnlyMemory<byte> content, bool isLast)
    {
        int end = offset + content.Length;
        if (!_isGoneOnWith && _parts.TryGetValue(offset, out ReadOnlyMemory<byte> same))
        {
            return same.Length == content.Length && isLast == (end == _end);
        }

        bool isBeyondEnd = _end >= 0 && (isLast ? end != _end : end > _end);
        if (content.IsEmpty || isBeyondEnd || (isLast && _last > end) || Held + content.Length > int.MaxValue)
        {
            return false;
        }

        (_end, _last) = (isLast ? end : _end, Math.Max(_last, end));
        for (int at = EndOfPartAt(offset); at < end;)
        {
            int next = _starts.GetViewBetween(at, end - 1) is { Count: > 0 } behind ? behind.Min : end;
            if (next > at)
            {
                _parts.Add(at, content[(at - offset)..(next - offset)]);
                _starts.Add(at);
                Held += next - at;
            }

            at = next < end ? next + _parts[next].Length : end;
        }

        while (_parts.TryGetValue(Front, out ReadOnlyMemory<byte> front))
        {
            Front += front.Length;
        }

        return true;
    }

    /// <summary>Gives the message once nothing is missing.</summary>
    public bool TryJoin(out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (_end < 0 || Held != _end)
        {
            return false;
        }

        byte[] whole = new byte[_end];
        int at = 0;
        foreach (int offset in _starts)
        {
            if (offset != at)
            {
                return false;
            }

            ReadOnlyMemory<byte> part = _parts[offset];
            part.CopyTo(whole.AsMemory(at));
            at += part.Length;
        }

        message = whole;
        return true;
    }

    /// <summary>Gives bytes out of the middle once all of them are there.</summary>
    public bool TryRead(int start, int length, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (_starts.Count == 0 || _starts.Min > start)
        {
            return false;
        }

        int first = _starts.GetViewBetween(_starts.Min, start).Max;
        int at = first;
        while (at < start + length)
        {
            if (!_parts.TryGetValue(at, out ReadOnlyMemory<byte> part))
            {
                return false;
            }

            at += part.Length;
        }

        if (_parts[first].Length >= start + length - first)
        {
            bytes = _parts[first].Slice(start - first, length);
            return true;
        }

        byte[] joined = new byte[length];
        for (at = first; at < start + length; at += _parts[at].Length)
        {
            ReadOnlyMemory<byte> part = _parts[at][Math.Max(0, start - at)..];
            int to = Math.Max(0, at - start);
            part[..Math.Min(part.Length, length - to)].CopyTo(joined.AsMemory(to));
        }

        bytes = joined;
        return true;
    }

    // The place itself, or the end of the part that it lies in.
    private int EndOfPartAt(int offset)
    {
        if (_starts.Count == 0 || _starts.Min > offset)
        {
            return offset;
        }

        int start = _starts.GetViewBetween(_starts.Min, offset).Max;
        return Math.Max(offset, start + _parts[start].Length);
    }
}
