namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Finds where the message's last bytes stood before, in it or in the stream's past, and follows that place.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 5.2.</remarks>
internal sealed class MatchModel
{
    private const int LongestCheck = 32;
    private const int LongestCount = 63;
    private int _place;
    private int _length;

    /// <summary>The class of the match's length, one of eight; 0 for none.</summary>
    internal int LengthClass => _place == 0 ? 0 : _length < 6 ? 1 : _length < 8 ? 2 : _length < 12 ? 3
        : _length < 16 ? 4 : _length < 24 ? 5 : _length < 32 ? 6 : 7;

    internal void Begin() => (_place, _length) = (0, 0);

    internal void Expect(MixingMemory memory, ExpectedByteModel expected)
    {
        if (_place != 0 && memory.Holds(_place))
        {
            int length = _length < 16 ? _length : _length < 24 ? 16 : _length < 32 ? 17 : 18;
            expected.Set(MixingLayout.MatchByte, memory.At(_place),
                (length << 2) | (memory.ExpectedByteHits[MixingLayout.MatchByte] & 3));
        }
    }

    /// <summary>Learns the byte that was just appended. spec 10.5-2</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="value">The byte.</param>
    /// <param name="last4">The message's last four bytes, the latest lowest; 0 before its start.</param>
    /// <param name="before2">The two before them.</param>
    /// <param name="length">Bytes of the message so far.</param>
    internal void Update(MixingMemory memory, byte value, uint last4, uint before2, int length)
    {
        if (_place != 0 && memory.At(_place) == value)
        {
            _place++;
            _length = Math.Min(_length + 1, LongestCount);
        }
        else
        {
            (_place, _length) = (0, 0);
        }

        if (length < 3)
        {
            return;
        }

        uint hash4 = ContextHash.Of(last4, 9) >> 20;
        uint hash6 = ContextHash.Of(last4, before2 + 11) >> 20;
        if (_length < 16)
        {
            Try(memory, memory.Matches6[hash6], 6);
            if (_place == 0)
            {
                Try(memory, memory.Matches4[hash4], Math.Min(length, 4));
            }
        }

        if (length >= 6)
        {
            memory.Matches6[hash6] = (ushort)memory.Position;
        }

        memory.Matches4[hash4] = (ushort)memory.Position;
    }

    private void Try(MixingMemory memory, ushort low, int least)
    {
        int place = memory.Find(low);
        if (place == 0)
        {
            return;
        }

        int end = memory.Position;
        int length = 0;
        while (length < LongestCheck && memory.Holds(place - 1 - length)
            && memory.At(place - 1 - length) == memory.At(end - 1 - length))
        {
            length++;
        }

        if (length >= least && length > _length)
        {
            (_place, _length) = (place, length);
        }
    }
}
