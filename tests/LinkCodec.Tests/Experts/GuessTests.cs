using System.Text;
using LinkCodec.Core.Experts;
using Xunit;

namespace LinkCodec.Tests.Experts;

/// <summary>What is guessed, and where.</summary>
public sealed class GuessTests
{
    [Theory]
    [Spec("10.5-6")]
    [InlineData("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n", 63, 2)]
    [InlineData("1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927", 68, 1)]
    [InlineData("2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537", 68, 1)]
    [InlineData("*8D4840D6202CC371C32CE0576098;", 23, 6)]
    [InlineData("8d4840d6202cc371c32ce0576098", 22, 6)]
    public void Checks_in_text_are_guessed(string message, int from, int count) => Checks(Encoding.ASCII.GetBytes(message), from, count, isBinary: false);

    [Theory]
    [Spec("10.5-6")]
    [InlineData("8D4840D6202CC371C32CE0576098", 11, 3)]
    [InlineData("B5620601" + "0300F00500FF19", 9, 2)]
    public void Checks_in_binary_are_guessed(string message, int from, int count) => Checks(Convert.FromHexString(message), from, count, isBinary: true);

    [Theory]
    [Spec("10.5-5")]
    [InlineData("a,100,x\na,110,x\na,120,x\n", 18, "120")]
    [InlineData("a,007,x\na,008,x\na,009,x\n", 18, "009")]
    [InlineData("a,98,x\na,99,x\na,100,x\n", 16, "100")]
    [InlineData("$S,1000\n$S,0900\n$S,0800\n", 19, "0800")]
    [InlineData("{\"t\":7}\n{\"t\":9}\n{\"t\":11}\n", 21, "11")]
    public void Numbers_go_on_by_their_last_step(string message, int at, string expected)
    {
        int[] guesses = ExpertCode.Guesses(ExpertLayout.NumberGuess, Encoding.ASCII.GetBytes(message), false);
        Assert.Equal(expected, string.Concat(guesses[at..(at + expected.Length)].Select(value => (char)value)));
    }

    [Fact]
    [Spec("10.5-4")]
    public void Fields_are_guessed_to_be_as_they_were_last()
    {
        byte[] message = "{\"id\":\"x1\",\"u\":\"up\"}\n{\"u\":\"up\",\"id\":\"x1\"}"u8.ToArray();
        int[] guesses = ExpertCode.Guesses(ExpertLayout.FieldGuess, message, false);
        int value = message.AsSpan().LastIndexOf("x1"u8);
        Assert.Equal("x1".Select(c => (int)c), guesses[value..(value + 2)]); // by its key, whatever its place
        int[] follows = ExpertCode.Guesses(ExpertLayout.FieldGuess, "a;b;c\na;b;c"u8.ToArray(), false);
        Assert.Equal("a;b;c".Select(c => (int)c), follows[6..]);
    }

    [Fact]
    [Spec("10.5-3")]
    public void Records_are_guessed_from_the_last_one_and_from_the_last_alike()
    {
        byte[] message = "aa:123\nbb:456\naa:124\n"u8.ToArray();
        int[] above = ExpertCode.Guesses(ExpertLayout.RecordAboveGuess, message, false);
        int[] alike = ExpertCode.Guesses(ExpertLayout.RecordAlikeGuess, message, false);
        Assert.Equal("bb:456\n".Select(c => (int)c), above[14..]);
        Assert.Equal(":123\n".Select(c => (int)c), alike[16..]);
        Assert.Equal([-1, -1], alike[14..16]);
        int[] slope = ExpertCode.Guesses(ExpertLayout.SlopeGuess, "aaa1\naaa3\naaa5\n"u8.ToArray(), false);
        Assert.Equal('5', slope[13]);
        Assert.Equal(-1, slope[12]); // the records do not differ there
    }

    [Fact]
    [Spec("10.5-2")]
    public void What_stood_before_is_guessed_to_go_on()
    {
        ExpertMemory memory = new();
        ExpertCode.Guesses(ExpertLayout.MatchGuess, "the quick brown fox"u8.ToArray(), false, memory);
        int[] guesses = ExpertCode.Guesses(ExpertLayout.MatchGuess, "a quick brown hen"u8.ToArray(), false, memory);
        Assert.Equal("brown ".Select(c => (int)c), guesses[8..14]);
        Assert.Equal('f', guesses[14]);
        Assert.Equal(-1, guesses[15]);
    }

    [Fact]
    [Spec("10.5-7")]
    public void Periods_are_found()
    {
        byte[] message = [.. Enumerable.Range(0, 12).SelectMany(i => new byte[] { 1, 2, (byte)(40 * i), 9, 8, (byte)(i * i) })];
        int[] guesses = ExpertCode.Guesses(ExpertLayout.PeriodGuess, message, true);
        Assert.All(Enumerable.Range(40, message.Length - 40), i => Assert.Equal(message[i - 6], guesses[i]));
    }

    [Fact]
    [Spec("10.7-1")]
    public void The_corpus_is_looked_up_from_the_fifth_byte_on()
    {
        Corpus corpus = new("0 xwe will land at noon. we will land at nine."u8.ToArray());
        MessageReader reader = new(corpus);
        ExpertMemory memory = new();
        FollowerExperts followers = new();
        CounterExperts counters = new();
        string guesses = "";
        reader.Begin(memory, false);
        foreach (byte value in "we will land"u8)
        {
            reader.Look(memory, followers, counters);
            guesses += !reader.Guesses.Has(ExpertLayout.CorpusGuess) ? '-' : (char)Enumerable.Range(0, 256).Single(v => reader.Guesses.Is(ExpertLayout.CorpusGuess, (byte)v));
            reader.Learn(memory, value);
        }

        Assert.Equal("-----ll land", guesses);
        reader.Look(memory, followers, counters);
        Assert.True(reader.Guesses.Is(ExpertLayout.CorpusGuess, (byte)' '));
    }

    private static void Checks(byte[] message, int from, int count, bool isBinary)
    {
        int[] guesses = ExpertCode.Guesses(ExpertLayout.CheckGuess, message, isBinary);
        for (int i = 0; i < message.Length; i++)
        {
            Assert.Equal(i >= from && i < from + count ? message[i] : -1, guesses[i]);
        }
    }
}
