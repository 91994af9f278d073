namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Tokens that a stream has had, far more of them than a row of the network holds, and which of them came where the
/// latest ones came before. Not thread-safe.
/// </summary>
/// <remarks>Memory: 64 KB. Spec: protocol-spec/11-language-models.md, section 5.</remarks>
internal sealed class TokenMatchModel
{
    /// <summary>Tokens that are kept at most; when they are so many, the older half goes. spec 11.5-5</summary>
    internal const int Capacity = 1 << 14;

    /// <summary>
    /// Places that are looked at, from the last one back: bounds what text of a few tokens takes. spec 11.5-6
    /// </summary>
    internal const int MaxPlaces = 1 << 11;

    private const int Longest = 32;
    private readonly int[] _tokens = new int[Capacity];
    private int _count;

    /// <summary>Forgets everything.</summary>
    internal void Clear() => _count = 0;

    /// <summary>Adds tokens behind the others.</summary>
    internal void Add(params ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            if (_count == Capacity)
            {
                _tokens.AsSpan(Capacity / 2).CopyTo(_tokens);
                _count = Capacity / 2;
            }

            _tokens[_count++] = token;
        }
    }

    /// <summary>Makes this history equal to another one.</summary>
    internal void CopyFrom(TokenMatchModel other)
    {
        other._tokens.AsSpan(0, other._count).CopyTo(_tokens);
        _count = other._count;
    }

    /// <summary>
    /// The token behind the earlier place that is the most like the end. Linear in what is kept: some microseconds.
    /// spec 11.5-6
    /// </summary>
    /// <param name="length">Tokens before that place that are those of the end, at most 32.</param>
    /// <param name="rival">Tokens that match before the best place that has another token behind it; 0 for
    /// none.</param>
    /// <returns>-1 where the last token has not come before.</returns>
    internal int Find(out int length, out int rival)
    {
        (length, rival) = (0, 0);
        int found = -1;
        if (_count == 0)
        {
            return found;
        }

        ReadOnlySpan<int> all = _tokens.AsSpan(0, _count);
        int last = all[^1];
        int seen = 0;
        for (int place = all[..^1].LastIndexOf(last); place >= 0 && seen < MaxPlaces;
            place = all[..place].LastIndexOf(last), seen++)
        {
            int token = all[place + 1];
            int known = token == found ? length : rival;
            if (known == Longest || known > place || all[place - known] != all[^(1 + known)])
            {
                continue; // this match is no longer than what is known
            }

            int common = 1;
            int most = Math.Min(Longest, place + 1);
            while (common < most && all[place - common] == all[^(1 + common)])
            {
                common++;
            }

            if (common > length)
            {
                (rival, length, found) = (token == found ? rival : length, common, token);
            }
            else if (token != found)
            {
                rival = Math.Max(rival, common);
            }
        }

        return found;
    }
}
