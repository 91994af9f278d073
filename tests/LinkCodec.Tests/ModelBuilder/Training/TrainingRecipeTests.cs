using System.Text;
using LinkCodec.Core.Prediction;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Training;

/// <summary>Recipes: those that ship, and what is wrong with others.</summary>
public sealed class TrainingRecipeTests
{
    [Theory]
    [InlineData("profiles-2.json", 2)]
    [InlineData("flight.json", 0)]
    public void The_recipes_that_ship_are_read(string file, int networks)
    {
        TrainingRecipe recipe = TrainingRecipe.Parse(
            File.ReadAllBytes(Path.Combine(TestSnapshots.Find("models/training"), file)));
        Assert.Equal(networks - 1, recipe.Profiles.Max(profile => profile.Spec.Network));
        Assert.Equal((32, 24), (recipe.SampleKilobytes, recipe.RunKilobytes));
        Assert.True(recipe.Profiles[recipe.ProfileOf("adsb-frames.lp")].Spec.IsBinary);
        Assert.Equal("hex", Name("adsb-frames.txt"));
        Assert.Equal("json", Name("satcat-json.jsonl"));
        Assert.Equal("prose", Name("legal-en.txt"));
        Assert.Equal("log", Name("logs.txt"));
        Assert.Equal((0L, 300_000L),
            (recipe.ZstdSampleBytesOf("email-ham.rs"), recipe.ZstdSampleBytesOf("metar.txt")));
        Assert.Equal(-1, recipe.ProfileOf("something.txt"));

        string Name(string name) => recipe.Profiles[recipe.ProfileOf(name)].Spec.Name;
    }

    [Fact]
    public void Members_that_are_not_there_have_values()
    {
        TrainingRecipe recipe = TrainingRecipe.Parse("""{"profiles": [{"name": "x", "files": ["*"]}]}"""u8.ToArray());
        ProfileRule rule = Assert.Single(recipe.Profiles);
        Assert.Equal((ContentHint.Auto, -1, false, 10, 30),
            (rule.Spec.Hint, rule.Spec.Network, rule.Spec.IsBinary, rule.Spec.Rate, rule.Spec.StartRate));
        Assert.Equal((32, 24, 0L), (recipe.SampleKilobytes, recipe.RunKilobytes, recipe.DictionaryBytesOf("a.txt")));
    }

    [Fact]
    public void The_first_dictionary_rule_that_fits_counts()
    {
        TrainingRecipe recipe = TrainingRecipe.Parse(
            """{"profiles": [{"name": "x", "files": ["*"]}], "dictionaryKilobytes": {"a-?": 7, "a*": 5, "b.txt": 3}}"""u8
                .ToArray());
        Assert.Equal([7000L, 5000, 3000, 0],
            new[] { "a-1.txt", "a-12.txt", "b.txt", "b.jsonl" }.Select(recipe.DictionaryBytesOf));
        Assert.Equal(9000, TrainingRecipe
            .Parse("""{"profiles": [{"name": "x", "files": ["*"]}], "dictionaryKilobytes": 9}"""u8.ToArray())
            .DictionaryBytesOf("b.lp"));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "expected an object, found []")]
    [InlineData("{}", "expected 1 to 32 of them, found 0")]
    [InlineData("""{"profile": []}""", "unknown member 'profile'")]
    [InlineData("""{"profiles": [{"name": "x"}]}""", "profile 0, files: expected one glob at least")]
    [InlineData("""{"profiles": [{"name": "x y", "files": ["*"]}]}""", "profile 0, name: expected 1 to 32 visible")]
    [InlineData("""{"profiles": [{"name": "x", "files": ["*"]}, {"name": "x", "files": ["*"]}]}""",
        "two profiles are called 'x'")]
    [InlineData("""{"profiles": [{"name": "x", "hint": "1", "files": ["*"]}]}""",
        "profile 0, hint: expected Auto, Prose")]
    [InlineData("""{"profiles": [{"name": "x", "rate": 1000, "startRate": 24, "files": ["*"]}]}""",
        "at most 1023, found 1024")]
    [InlineData("""{"profiles": [{"name": "x", "network": 8, "files": ["*"]}]}""",
        "network: expected a whole number from -1 to 7, found 8")]
    [InlineData("""{"profiles": [{"name": "x", "binary": 1, "files": ["*"]}]}""",
        "binary: expected true or false, found 1")]
    [InlineData("""{"profiles": [{"name": "x", "files": [1]}]}""", "files: expected a list of globs, found 1")]
    [InlineData("""{"profiles": [{"name": "x", "files": ["*"]}], "dictionaryKilobytes": {"*": -1}}""",
        "dictionaryKilobytes of '*': expected a whole number from 0 to 60000, found -1")]
    public void What_is_wrong_is_said_in_one_sentence(string json, string says)
    {
        FormatException e = Assert.Throws<FormatException>(() => TrainingRecipe.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
