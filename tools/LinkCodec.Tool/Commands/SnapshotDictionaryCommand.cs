using System.CommandLine;
using System.Globalization;
using LinkCodec.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Tool.Training;

namespace LinkCodec.Tool.Commands;

/// <summary>
/// <c>snapshot dictionary</c>: the dictionary that <c>snapshot train</c> makes too, alone: for a model that is there.
/// </summary>
internal static class SnapshotDictionaryCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string> data = new("--data")
        {
            Description = "Folder with train/, as for 'snapshot train'.",
            Required = true,
        };
        Option<string> output = new("--out")
        {
            Description = "Folder with the model that the dictionary is for; it must be sealed afterwards.",
            Required = true,
        };
        Option<string?> profiles = new("--profiles")
        {
            Description = "JSON file that says what is learnt from, as for 'snapshot train'; default: all files alike.",
        };
        Command dictionary = new("dictionary", "Trains the dictionary of a snapshot's quick codec on a folder of "
            + "messages.") { data, output, profiles };
        examples[dictionary] = "linkcodec snapshot dictionary --data my-messages --out my-model";
        dictionary.SetAction(parsed =>
        {
            IReadOnlyList<TrainingFile> files = MessageFolder.Read(Path.Combine(parsed.GetValue(data)!, "train"));
            TrainingRecipe recipe = parsed.GetValue(profiles) is string path
                ? SnapshotTrainCommand.ReadRecipe(path)
                : TrainingRecipe.Default(files, networks: 0);
            byte[] file = Train(recipe, files);
            if (file.Length == 0)
            {
                throw new UsageException("The recipe takes no messages for this dictionary, or too few.");
            }

            string folder = parsed.GetValue(output)!;
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, ZstdDictionaryFile.Path), file);
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{folder}: {file.Length} bytes of dictionary; next: linkcodec snapshot seal {folder} --label NAME"));
        });
        return dictionary;
    }

    /// <summary>The dictionary's file; empty where the recipe takes too little for one.</summary>
    public static byte[] Train(TrainingRecipe recipe, IReadOnlyList<TrainingFile> files)
    {
        byte[] dictionary = ZstdDictionaryTrainer.Train(recipe, files);
        return dictionary.Length == 0 ? [] : ZstdDictionaryFile.Wrap(dictionary);
    }
}
