using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

public sealed class TokenMatchModelTests
{
    [Theory]
    [InlineData(2, 90)]
    [InlineData(3, 400)]
    [InlineData(40, 3000)]
    [Spec("11.5-6")]
    public void What_is_found_is_what_the_definition_says(int alphabet, int count)
    {
        TestRandom random = new((ulong)alphabet);
        TokenMatchModel history = new();
        List<int> tokens = [];
        for (int i = 0; i < count; i++)
        {
            // Half of it repeats what was there before.
            int token = i > 20 && i / 20 % 2 == 1 ? tokens[i - 17] : random.Next(alphabet);
            tokens.Add(token);
            history.Add(token);
            Assert.Equal(Plainly(tokens), (history.Find(out int length, out int rival), length, rival));
        }
    }

    [Theory]
    [InlineData(new int[0], -1, 0, 0)]
    [InlineData(new[] { 7 }, -1, 0, 0)]
    [InlineData(new[] { 7, 7 }, 7, 1, 0)]
    [InlineData(new[] { 1, 2, 3, 1, 2 }, 3, 2, 0)]
    [InlineData(new[] { 1, 2, 3, 9, 2, 4, 1, 2 }, 3, 2, 1)] // the longer place, though another is nearer
    [InlineData(new[] { 2, 3, 2, 4, 5, 2 }, 4, 1, 1)] // the nearer of two
    [Spec("11.5-6")]
    public void The_longest_place_predicts_its_token(int[] tokens, int found, int length, int rival)
    {
        TokenMatchModel history = new();
        history.Add(tokens);
        Assert.Equal((found, length, rival), (history.Find(out int l, out int r), l, r));
    }

    [Theory]
    [InlineData(TokenMatchModel.MaxPlaces - 1, 1)]
    [InlineData(TokenMatchModel.MaxPlaces, 0)]
    [Spec("11.5-6")]
    public void Only_the_last_places_count(int repeats, int rival)
    {
        TokenMatchModel history = new();
        history.Add(1, 8);
        for (int i = 0; i < repeats; i++)
        {
            history.Add(1, 2);
        }

        history.Add(1);
        Assert.Equal((2, 32, rival), (history.Find(out int length, out int found), length, found));
    }

    [Fact]
    [Spec("11.5-5")]
    public void A_full_history_forgets_its_older_half()
    {
        TokenMatchModel history = new();
        history.Add(5, 6, 7);
        for (int i = 3; i < TokenMatchModel.Capacity - 1; i++)
        {
            history.Add(1000 + i);
        }

        history.Add(5);
        Assert.Equal(6, history.Find(out int _, out int _));
        history.Add(5);
        Assert.Equal(5, history.Find(out int length, out int rival));
        Assert.Equal((1, 0), (length, rival)); // the first 5 is gone
        history.Add(1000 + (TokenMatchModel.Capacity / 2));
        Assert.Equal(1001 + (TokenMatchModel.Capacity / 2), history.Find(out int _, out int _));
        history.Add(1000 + (TokenMatchModel.Capacity / 2) - 1);
        Assert.Equal(-1, history.Find(out int _, out int _));
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        TokenMatchModel one = new();
        TokenMatchModel other = new();
        other.Add(9, 9, 9, 9, 9, 9);
        one.Add(1, 2, 3, 1);
        other.CopyFrom(one);
        one.Add(4, 1);
        Assert.Equal((4, 2), (one.Find(out int _, out int _), other.Find(out int _, out int _)));
        one.Clear();
        Assert.Equal(-1, one.Find(out int _, out int _));
    }

    private static (int Found, int Length, int Rival) Plainly(List<int> tokens)
    {
        (int found, int length, int rival) = (-1, 0, 0);
        List<(int Token, int Length)> places = [];
        for (int place = 1; place < tokens.Count; place++)
        {
            int common = 0;
            while (common < 32 && place - 1 - common >= 0
                && tokens[place - 1 - common] == tokens[tokens.Count - 1 - common])
            {
                common++;
            }

            places.Add((tokens[place], common));
            if (common > 0 && common >= length)
            {
                (found, length) = (tokens[place], common);
            }
        }

        foreach ((int token, int common) in places)
        {
            rival = token != found ? Math.Max(rival, common) : rival;
        }

        return (found, length, rival);
    }
}
