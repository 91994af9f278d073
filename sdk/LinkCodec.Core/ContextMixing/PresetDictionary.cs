namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Sample messages that both ends hold: what an unfinished message continues like is looked up here. Immutable, shared
/// by all streams.
/// </summary>
/// <remarks>
/// Memory: the text and 16 MB of index. An index of the last five bytes leads to the latest such place. Spec:
/// protocol-spec/10-context-mixing.md, section 7.
/// </remarks>
internal sealed class PresetDictionary
{
    /// <summary>The shortest match.</summary>
    internal const int Shortest = 5;

    private const int IndexBits = 22;
    private const int LongestCheck = 32;
    private readonly byte[] _text;
    private readonly int[] _index = new int[1 << IndexBits];

    /// <summary>Indexes a text: about 15 nanoseconds a byte.</summary>
    internal PresetDictionary(byte[] text)
    {
        _text = text;
        for (int place = Shortest; place < text.Length; place++)
        {
            uint last4 = (uint)(text[place - 1] | (text[place - 2] << 8) | (text[place - 3] << 16)
                | (text[place - 4] << 24));
            _index[Slot(last4, text[place - 5])] = place; // spec 10.7-1
        }
    }

    /// <summary>The text.</summary>
    internal ReadOnlySpan<byte> Text => _text;

    /// <summary>The byte at a place, which <see cref="Find"/> gave or one after it.</summary>
    internal byte At(int place) => _text[place];

    /// <summary>Whether a place is inside.</summary>
    internal bool Holds(int place) => place > 0 && place < _text.Length;

    /// <summary>The place after the longest match with the message's end.</summary>
    /// <param name="memory">Holds the message.</param>
    /// <param name="last4">The message's last four bytes, the latest lowest.</param>
    /// <param name="fifth">The byte before those four.</param>
    /// <param name="length">Bytes of the message so far, <see cref="Shortest"/> at least.</param>
    /// <param name="matched">The number of bytes that match, up to 32.</param>
    /// <returns>The place; 0 for none.</returns>
    internal int Find(MixingMemory memory, uint last4, uint fifth, int length, out int matched)
    {
        matched = 0;
        int place = _index[Slot(last4, fifth)];
        if (place == 0)
        {
            return 0;
        }

        int most = Math.Min(Math.Min(LongestCheck, length), place);
        while (matched < most && _text[place - 1 - matched] == memory.At(memory.Position - 1 - matched))
        {
            matched++;
        }

        return matched >= Shortest ? place : 0;
    }

    private static uint Slot(uint last4, uint fifth) => ContextHash.Of(last4, fifth + 99) >> (32 - IndexBits);
}
