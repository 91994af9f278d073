using System.Text;
using LinkCodec.ModelBuilder.Training;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Training;

/// <summary>The picker takes always the same from a folder, and nothing twice.</summary>
public sealed class SamplePickerTests
{
    private static readonly TrainingRecipe Recipe = TrainingRecipe.Parse("""
        {"profiles": [{"name": "a", "files": ["words*", "long"]}, {"name": "b", "binary": true, "files": ["*.lp"]}],
         "sampleKilobytes": 8, "runKilobytes": 30, "dictionaryKilobytes": {"words-2": 3, "words*": 12, "*": 1}}
        """u8.ToArray());

    [Fact]
    public void The_same_files_give_the_same_samples_and_another_file_changes_none_of_them()
    {
        SampleSet first = SamplePicker.Pick(Recipe, [Numbered("words.txt", 5000), Numbered("frames.lp", 3000)]);
        SampleSet again = SamplePicker.Pick(Recipe, [Numbered("words.txt", 5000), Numbered("frames.lp", 3000)]);
        Assert.Equal(Texts(first.Runs), Texts(again.Runs));
        Assert.Equal(first.Dictionary.ToArray(), again.Dictionary.ToArray());

        SampleSet more = SamplePicker.Pick(Recipe,
            [Numbered("another.lp", 100), Numbered("words.txt", 5000), Numbered("frames.lp", 3000)]);
        Assert.Equal(Texts(first.Runs),
            Texts(more.Runs.SkipWhile(run => Text(run.Messages[0]).StartsWith("another", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(5000)] // more than is wanted
    [InlineData(900)] // the dictionary takes what is left
    [InlineData(3)]
    public void Samples_runs_and_dictionary_share_no_piece(int messages)
    {
        SampleSet picked = SamplePicker.Pick(Recipe, [Numbered("words.txt", messages)]);
        List<string> all = [.. picked.Runs.SelectMany(run => run.Messages).Select(Text), .. Lines(picked)];
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(messages <= 900, all.Count == messages);
    }

    [Fact]
    public void Sizes_are_about_what_the_recipe_says()
    {
        SampleSet picked = SamplePicker.Pick(Recipe,
            [Numbered("words.txt", 5000), Numbered("words-2.txt", 5000), Numbered("none.txt", 500)]);
        Assert.Equal([0, 0, -1], picked.Files.Select(file => file.Profile));
        Assert.All(picked.Files.Take(2), file => Assert.InRange(file.SampleBytes, 8_000, 8_100));
        Assert.All(picked.Files.Take(2), file => Assert.InRange(file.RunBytes, 30_000, 30_100));
        Assert.InRange(picked.Files[0].DictionaryBytes, 12_000, 12_100);
        Assert.InRange(picked.Files[1].DictionaryBytes, 3_000, 3_100);
        Assert.Equal((0L, 0L, 0L),
            (picked.Files[2].SampleBytes, picked.Files[2].RunBytes, picked.Files[2].DictionaryBytes));
        Assert.Equal(picked.Files.Sum(file => file.DictionaryBytes), picked.Dictionary.Length);
    }

    [Fact]
    public void Runs_are_consecutive_from_a_third_of_the_file_on_and_of_many_sizes()
    {
        TrainingRecipe recipe = Recipe with { RunKilobytes = 3000, SampleKilobytes = 0, Dictionary = [] };
        TrainingFile file = Numbered("words.txt", 150_000);
        IReadOnlyList<TrainingRun> runs = SamplePicker.Pick(recipe, [file]).Runs;
        int start = file.Messages.Select(Text).ToList().IndexOf(Text(runs[0].Messages[0]));
        Assert.InRange(start, 49_000, 51_500);
        Assert.Equal(file.Messages.Skip(start).Take(runs.Sum(run => run.Messages.Count)).Select(Text),
            runs.SelectMany(run => run.Messages).Select(Text));

        int[] sizes = [.. runs.SkipLast(1).Select(run => run.Messages.Sum(message => message.Length))];
        Assert.All(sizes, size => Assert.InRange(size, 256, 25_630));
        // the middle, where sizes are geometric
        Assert.InRange(sizes.Count(size => size < 2560) / (double)sizes.Length, 0.4, 0.6);
    }

    [Fact]
    public void Long_messages_are_cut_into_pieces()
    {
        byte[] message = new byte[2_345];
        SampleSet picked = SamplePicker.Pick(Recipe with { RunKilobytes = 0 },
            [new TrainingFile("long.rs", [message])]);
        Assert.Equal([345, 1000, 1000], picked.Runs.Select(run => run.Messages.Single().Length).Order());
        Assert.Equal(0, picked.Dictionary.Length);
    }

    [Fact]
    public void The_dictionary_comes_in_stretches_of_neighbours()
    {
        SampleSet picked = SamplePicker.Pick(Recipe, [Numbered("words.txt", 5000)]);
        int[] numbers = [.. Lines(picked)
            .Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))];
        int together = numbers.Zip(numbers.Skip(1)).Count(pair => pair.Second == pair.First + 1);
        Assert.InRange(together / (double)numbers.Length, 0.7, 5 / 6.0 + 0.01);
    }

    [Fact]
    public void Without_a_recipe_there_is_a_profile_for_text_and_one_for_records()
    {
        TrainingFile[] files = [Numbered("a.txt", 5000), Numbered("b.lp", 5000)];
        TrainingRecipe recipe = TrainingRecipe.Default(files, 2);
        Assert.Equal([("text", 0, false), ("binary", 1, true)],
            recipe.Profiles.Select(rule => (rule.Spec.Name, rule.Spec.Network, rule.Spec.IsBinary)));
        Assert.Equal([0, 1], files.Select(file => recipe.ProfileOf(file.Name)));
        SampleSet picked = SamplePicker.Pick(recipe, files);
        Assert.All(picked.Files, file => Assert.InRange(file.DictionaryBytes, 1, 200_000));
        Assert.Equal(-1, Assert.Single(TrainingRecipe.Default([files[1]], 0).Profiles).Spec.Network);
    }

    private static TrainingFile Numbered(string name, int messages) =>
        new(name, [.. Enumerable.Range(0, messages)
            .Select(i => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes($"{name} {i} {new string('x', i % 23)}")))]);

    private static string Text(ReadOnlyMemory<byte> message) => Encoding.UTF8.GetString(message.Span);

    private static IEnumerable<string> Texts(IEnumerable<TrainingRun> runs) =>
        runs.Select(run => $"{run.Profile}: {string.Join('|', run.Messages.Select(Text))}");

    private static string[] Lines(SampleSet picked) =>
        Text(picked.Dictionary).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
