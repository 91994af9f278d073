namespace LinkCodec.Core.Experts;

/// <summary>Follows the place in the corpus that the message continues like.</summary>
internal sealed class CorpusFinder(Corpus? corpus)
{
    private const int LongestCount = 63;
    private const int SureAt = 24; // matches of this length are kept until they fail
    private int _place;
    private int _length;

    internal void Begin() => (_place, _length) = (0, 0);

    internal void Guess(ExpertMemory memory, GuessExperts guesses)
    {
        if (corpus is not null && corpus.Holds(_place))
        {
            guesses.Set(ExpertLayout.CorpusGuess, corpus.At(_place), (Math.Min(_length, 31) << 2) | (memory.GuessHits[ExpertLayout.CorpusGuess] & 3));
        }
    }

    /// <summary>Learns the byte that was just appended. spec 10.7-2</summary>
    internal void Learn(ExpertMemory memory, byte value, uint last4, uint fifth, int length)
    {
        if (corpus is null)
        {
            return;
        }

        if (corpus.Holds(_place) && corpus.At(_place) == value)
        {
            _place++;
            _length = Math.Min(_length + 1, LongestCount);
        }
        else
        {
            (_place, _length) = (0, 0);
        }

        if (length >= Corpus.Shortest && _length < SureAt)
        {
            int place = corpus.Find(memory, last4, fifth, length, out int matched);
            if (place != 0 && matched > _length)
            {
                (_place, _length) = (place, matched);
            }
        }
    }
}
