namespace LinkCodec.Core.Compression;

/// <summary>The parts of a large message that have arrived.</summary>
internal sealed class PartialMessage
{
    private readonly SortedDictionary<int, ReadOnlyMemory<byte>> _parts = [];

    // The length of the message is known once its last part has come.
    private int _end = -1;

    /// <summary>The parts, with their places, in order.</summary>
    public IEnumerable<(int Offset, ReadOnlyMemory<byte> Content)> Parts =>
        _parts.Select(part => (part.Key, part.Value));

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
        if (content.IsEmpty || isBeyondEnd || (isLast && _parts.Keys.Any(start => start >= offset)))
        {
            return false;
        }

        if (isLast)
        {
            _end = end;
        }

        _parts.Add(offset, content);
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
        foreach ((int offset, ReadOnlyMemory<byte> part) in _parts)
        {
            if (offset != at)
            {
                return false;
            }

            part.CopyTo(whole.AsMemory(at));
            at += part.Length;
        }

        message = whole;
        return true;
    }
}
