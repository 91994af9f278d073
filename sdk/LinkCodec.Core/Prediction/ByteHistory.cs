namespace LinkCodec.Core.Prediction;

/// <summary>
/// The last bytes of a message, and for each the one before that stood after the same byte: finds what followed a
/// context.
/// </summary>
internal sealed class ByteHistory
{
    /// <summary>A byte further back than this is forgotten.</summary>
    internal const int Window = 8000;

    /// <summary>Bytes of context that are compared at most.</summary>
    internal const int LongestContext = 10;

    /// <summary>Places that are looked at, newest first.</summary>
    internal const int MostPlaces = 256;

    private const int Size = 8192; // The history holds at least the window and a context before it.

    private readonly byte[] _bytes = new byte[Size];
    // The distance to the place before that follows the same byte; 0 for none.
    private readonly ushort[] _distance = new ushort[Size];
    // The place where the byte was last followed; 0 for nowhere.
    private readonly long[] _newest = new long[256];
    private long _count;

    /// <summary>Forgets every byte.</summary>
    internal void Reset()
    {
        _newest.AsSpan().Clear();
        _count = 0;
    }

    /// <summary>The byte before the next one, or -1.</summary>
    internal int Last => _count == 0 ? -1 : At(_count - 1);

    internal void Append(byte value)
    {
        if (_count > 0)
        {
            ref long newest = ref _newest[At(_count - 1)];
            long distance = _count - newest;
            _distance[_count & (Size - 1)] = newest > 0 && distance <= Window ? (ushort)distance : (ushort)0;
            newest = _count;
        }

        _bytes[_count & (Size - 1)] = value;
        _count++;
    }

    /// <summary>Collects what followed earlier occurrences of the context that the message ends with now.</summary>
    /// <param name="followers">A row of <see cref="MostPlaces"/> for each length 0 to <see cref="LongestContext"/> that
    /// the contexts share.</param>
    /// <param name="counts">The number of followers in each row; the caller hands over zeros.</param>
    internal void Find(Span<byte> followers, Span<int> counts) // spec 7.4-3
    {
        int last = Last;
        long place = last < 0 ? 0 : _newest[last];
        for (int visited = 0; visited < MostPlaces && place > 0 && _count - place <= Window; visited++)
        {
            int length = 1;
            int longest = (int)Math.Min(LongestContext, place);
            while (length < longest && At(place - 1 - length) == At(_count - 1 - length))
            {
                length++;
            }

            followers[(length * MostPlaces) + counts[length]++] = At(place);
            int distance = _distance[place & (Size - 1)];
            place = distance == 0 ? 0 : place - distance;
        }
    }

    internal void CopyFrom(ByteHistory other)
    {
        int used = (int)Math.Min(other._count, Size);
        other._bytes.AsSpan(0, used).CopyTo(_bytes);
        other._distance.AsSpan(0, used).CopyTo(_distance);
        other._newest.AsSpan().CopyTo(_newest);
        _count = other._count;
    }

    private byte At(long place) => _bytes[place & (Size - 1)];
}
