namespace LinkCodec.Media.Deflate;

/// <summary>
/// Compresses a whole stream to the very bytes that zlib's deflate gives with the same settings: which matches are
/// taken, where blocks end, and which codes are used. Sources: RFC 1951; the behaviour of zlib 1.2 and 1.3.
/// </summary>
internal sealed class Deflater
{
    private const int LeastMatch = 3;
    private const int MostMatch = 258;
    private const int Lookahead = MostMatch + LeastMatch + 1;
    private const int TooFar = 4096; // A match of three bytes that far away costs more than the bytes.

    private readonly byte[] _data;
    private readonly DeflateSettings _settings;
    private readonly DeflateBlock _block;
    private readonly int[] _heads;
    private readonly int[] _previous;
    private readonly int _hashShift;
    private readonly int _mostDistance;
    private int _matchStart;
    private int _blockStart;

    private Deflater(byte[] data, DeflateSettings settings, DeflateBlock block)
    {
        (_data, _settings, _block) = (data, settings, block);
        int hashBits = settings.MemoryLevel + 7;
        _hashShift = (hashBits + LeastMatch - 1) / LeastMatch;
        _heads = new int[1 << hashBits];
        _previous = new int[1 << settings.WindowBits];
        _mostDistance = (1 << settings.WindowBits) - Lookahead;
    }

    /// <summary>Compresses.</summary>
    /// <param name="data">The stream.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="expected">What should come of it: where a block differs, compressing stops; empty for no
    /// matter.</param>
    /// <returns>The deflate stream, without zlib's header and check; null where it was not as expected.</returns>
    public static byte[]? Compress(byte[] data, DeflateSettings settings, ReadOnlyMemory<byte> expected)
    {
        DeflateBlock block = new(settings.BlockSymbols, expected);
        Deflater deflater = new(data, settings, block);
        bool isWell = settings.IsLazy ? deflater.RunLazy() : deflater.RunFast();
        return isWell ? block.Output() : null;
    }

    private bool RunLazy()
    {
        int length = LeastMatch - 1;
        bool isWaiting = false; // for the byte before, which is not told yet
        int at = 0;
        while (at < _data.Length)
        {
            int head = Insert(at);
            int lastLength = length;
            int lastStart = _matchStart;
            length = LeastMatch - 1;
            if (head > 0 && lastLength < _settings.Lazy && at - head <= _mostDistance)
            {
                length = Longest(at, head, lastLength);
                if (length <= 5 && (_settings.IsFiltered || (length == LeastMatch && at - _matchStart > TooFar)))
                {
                    length = LeastMatch - 1;
                }
            }

            if (lastLength >= LeastMatch && length <= lastLength)
            {
                bool isFull = _block.AddMatch(at - 1 - lastStart, lastLength);
                int end = at - 1 + lastLength;
                for (at++; at < end; at++)
                {
                    Insert(at);
                }

                (isWaiting, length) = (false, LeastMatch - 1);
                if (isFull && !Flush(at, isLast: false))
                {
                    return false;
                }
            }
            else
            {
                if (isWaiting && _block.AddLiteral(_data[at - 1]) && !Flush(at, isLast: false))
                {
                    return false;
                }

                isWaiting = true;
                at++;
            }
        }

        if (isWaiting)
        {
            _block.AddLiteral(_data[at - 1]);
        }

        return Flush(at, isLast: true);
    }

    private bool RunFast()
    {
        int at = 0;
        while (at < _data.Length)
        {
            int head = Insert(at);
            int length = head > 0 && at - head <= _mostDistance ? Longest(at, head, LeastMatch - 1) : 0;
            bool isFull;
            if (length >= LeastMatch)
            {
                isFull = _block.AddMatch(at - _matchStart, length);
                int end = at + length;
                bool remembers = length <= _settings.Lazy && _data.Length - end >= LeastMatch;
                for (at++; remembers && at < end; at++)
                {
                    Insert(at);
                }

                at = end;
            }
            else
            {
                isFull = _block.AddLiteral(_data[at++]);
            }

            if (isFull && !Flush(at, isLast: false))
            {
                return false;
            }
        }

        return Flush(at, isLast: true);
    }

    private bool Flush(int end, bool isLast)
    {
        bool isWell = _block.Flush(_data.AsSpan(_blockStart, end - _blockStart), isLast);
        _blockStart = end;
        return isWell;
    }

    // The last place with the same hash; none is 0, so that the very first place is never found.
    private int Insert(int at)
    {
        if (at + LeastMatch > _data.Length)
        {
            return 0;
        }

        int hash = (_data[at] << _hashShift) ^ _data[at + 1];
        hash = ((hash << _hashShift) ^ _data[at + 2]) & (_heads.Length - 1);
        int head = _heads[hash];
        _previous[at & (_previous.Length - 1)] = head;
        _heads[hash] = at;
        return head;
    }

    private int Longest(int at, int candidate, int best)
    {
        int left = _data.Length - at;
        int nice = Math.Min(_settings.Nice, left);
        int most = Math.Min(MostMatch, left);
        int chain = best >= _settings.Good ? _settings.Chain >> 2 : _settings.Chain;
        int limit = Math.Max(0, at - _mostDistance);
        ReadOnlySpan<byte> here = _data.AsSpan(at, most);
        if (best >= most)
        {
            return most;
        }

        do
        {
            ReadOnlySpan<byte> there = _data.AsSpan(candidate, most);
            if (there[best] == here[best] && there[best - 1] == here[best - 1])
            {
                int length = here.CommonPrefixLength(there);
                if (length > best)
                {
                    (_matchStart, best) = (candidate, length);
                    if (length >= nice)
                    {
                        break;
                    }
                }
            }

            candidate = _previous[candidate & (_previous.Length - 1)];
        }
        while (candidate > limit && --chain != 0);

        return Math.Min(best, left);
    }
}
