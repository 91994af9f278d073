namespace LinkCodec.Core.Compression;

/// <summary>The parts of a large message that have arrived.</summary>
internal sealed class PartialMessage
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _parts = [];
    private readonly SortedSet<int> _starts = [];

    // The length of the message is known once its last part has come.
    private int _end = -1;

    /// <summary>The parts, with their places, in order.</summary>
    public IEnumerable<(int Offset, ReadOnlyMemory<byte> Content)> Parts =>
        _starts.Select(start => (start, _parts[start]));

    /// <summary>Bytes held.</summary>
    public long Held { get; private set; }

    /// <summary>The memory that the parts take, about, in bytes.</summary>
    public long Cost => Held + ((long)CompressionLimits.HeldCost * _parts.Count);

    /// <summary>Adds a part; <see langword="false"/> when it contradicts another one.</summary>
    public bool TryAdd(int offset, ReadOnlyMemory<byte> content, bool isLast)
    {
        int end = offset + content.Length;
        if (_parts.TryGetValue(offset, out ReadOnlyMemory<byte> same))
        {
            return same.Length == content.Length && isLast == (end == _end);
        }

        bool isBeyondEnd = _end >= 0 && (isLast || end > _end);
        if (content.IsEmpty || isBeyondEnd || (isLast && _starts.Count > 0 && _starts.Max >= offset))
        {
            return false;
        }

        if (isLast)
        {
            _end = end;
        }

        _parts.Add(offset, content);
        _starts.Add(offset);
        Held += content.Length;
        return Held <= int.MaxValue;
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
}
