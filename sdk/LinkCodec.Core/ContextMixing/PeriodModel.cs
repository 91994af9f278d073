namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Finds the length of records that repeat inside a message, from the distances at which pairs of bytes come back.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 5.6.</remarks>
internal sealed class PeriodModel
{
    private const int Longest = 511;
    private const int Vote = 16;
    private readonly ushort[] _lastAt = new ushort[1024]; // by pair: bytes of the message when the pair came last
    private readonly int[] _votes = new int[Longest + 1];

    /// <summary>The period in bytes; 0 for none.</summary>
    internal int Period { get; private set; }

    internal void Begin()
    {
        Array.Clear(_lastAt);
        Array.Clear(_votes);
        Period = 0;
    }

    /// <summary>Learns the message's last two bytes. spec 10.5-7</summary>
    /// <param name="pair">The two bytes, the latest lowest.</param>
    /// <param name="length">Bytes of the message so far.</param>
    internal void Update(uint pair, int length)
    {
        if (length < 3)
        {
            return;
        }

        ref ushort last = ref _lastAt[ContextHash.Of(pair, 21) >> 22];
        int distance = (ushort)(length - last);
        if (last != 0 && distance is > 0 and <= Longest)
        {
            _votes[distance] += Vote;
            if (Period == 0 || _votes[distance] > _votes[Period])
            {
                Period = distance;
            }
        }

        last = (ushort)length;
        if ((length & 31) == 0)
        {
            for (int i = 0; i < _votes.Length; i++)
            {
                _votes[i] -= _votes[i] >> 2;
            }
        }
    }
}
