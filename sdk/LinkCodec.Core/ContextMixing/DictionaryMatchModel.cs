namespace LinkCodec.Core.ContextMixing;

/// <summary>Follows the place in the dictionary that the message continues like.</summary>
internal sealed class DictionaryMatchModel(PresetDictionary? dictionary)
{
    private const int LongestCount = 63;
    private const int SureAt = 24; // bytes from which on a match is kept until it fails
    private int _place;
    private int _length;

    internal void Begin() => (_place, _length) = (0, 0);

    internal void Expect(MixingMemory memory, ExpectedByteModel expected)
    {
        if (dictionary is not null && dictionary.Holds(_place))
        {
            expected.Set(MixingLayout.DictionaryByte, dictionary.At(_place),
                (Math.Min(_length, 31) << 2) | (memory.ExpectedByteHits[MixingLayout.DictionaryByte] & 3));
        }
    }

    /// <summary>Learns the byte that was just appended. spec 10.7-2</summary>
    internal void Update(MixingMemory memory, byte value, uint last4, uint fifth, int length)
    {
        if (dictionary is null)
        {
            return;
        }

        if (dictionary.Holds(_place) && dictionary.At(_place) == value)
        {
            _place++;
            _length = Math.Min(_length + 1, LongestCount);
        }
        else
        {
            (_place, _length) = (0, 0);
        }

        if (length >= PresetDictionary.Shortest && _length < SureAt)
        {
            int place = dictionary.Find(memory, last4, fifth, length, out int matched);
            if (place != 0 && matched > _length)
            {
                (_place, _length) = (place, matched);
            }
        }
    }
}
