using System.CommandLine;
using System.Globalization;
using LinkCodec.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Tool.Training;
using LinkCodec.Transport.Files;

namespace LinkCodec.Tool.Commands;

/// <summary>
/// <c>snapshot train</c>: from a folder of messages, and networks or none, to the files of a snapshot.
/// </summary>
internal static class SnapshotTrainCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string> data = new("--data")
        {
            Description = "Folder with train/: .txt and .jsonl (a message a line), .rs (ended by 0x1E), .lp (after 4 "
                + "bytes of length); any of them .xz.",
            Required = true,
        };
        Option<string> output = new("--out")
        {
            Description = "Folder to write the snapshot's files into.",
            Required = true,
        };
        Option<string?> profiles = new("--profiles")
        {
            Description = "JSON file with profiles and what they learn from; default: one for text, one for .lp.",
        };
        Option<string[]> networks = new("--network")
        {
            Description = "ONNX file of a byte network; may be repeated, profiles name them from 0.",
        };
        Option<string?> table = new("--weights-table")
        {
            Description = "The networks' weights-table.bin; default: the one beside the first network.",
        };
        Option<string?> label = new("--label")
        {
            Description = "Seal the snapshot at once under this label; otherwise 'snapshot seal' comes next.",
        };
        Option<int> threads = NumberOptions.Threads();
        Command train = new("train", "Trains a snapshot's context mixing on a folder of messages.") { data, output,
            profiles, networks, table, label, threads };
        examples[train] = "linkcodec snapshot train --data my-messages --out my-model --label my-model-1";
        train.SetAction((parsed, cancel) =>
        {
            TrainingRecipe? recipe = parsed.GetValue(profiles) is { } path ? ReadRecipe(path) : null;
            List<(string Location, ReadOnlyMemory<byte> Graph)> graphs = [.. (parsed.GetValue(networks) ?? [])
                .Select(file => (file, new ReadOnlyMemory<byte>(File.ReadAllBytes(file))))];
            string? tablePath = parsed.GetValue(table) ?? (graphs.Count > 0
                ? Path.Combine(Path.GetDirectoryName(graphs[0].Location)!, MixedSnapshot.TablePath)
                : null);
            byte[] weights = tablePath is null ? [] : File.ReadAllBytes(tablePath);
            int workers = parsed.GetValue(threads) is 0 ? Environment.ProcessorCount : parsed.GetValue(threads);
            TextWriter log = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);

            // Nothing is written before the end, so a run that is stopped leaves an older model whole.
            return Task.Run(() => Run(Path.Combine(parsed.GetValue(data)!, "train"), parsed.GetValue(output)!, recipe,
                graphs, weights, parsed.GetValue(label), workers, log), cancel).WaitAsync(cancel);
        });
        return train;
    }

    private static void Run(
        string data, string output, TrainingRecipe? given, List<(string Location, ReadOnlyMemory<byte> Graph)> networks,
        byte[] table, string? label, int threads, TextWriter log)
    {
        IReadOnlyList<TrainingFile> files = MessageFolder.Read(data);
        TrainingRecipe recipe = given ?? TrainingRecipe.Default(files, networks.Count);
        SampleSet samples = SamplePicker.Pick(recipe, files);
        foreach (PickedFile file in samples.Files)
        {
            string profile = file.Profile < 0 ? "(no profile)" : recipe.Profiles[file.Profile].Spec.Name;
            log.WriteLine(Text($"{file.Name,-40} {profile,-12} {file.SampleBytes + file.RunBytes,9} bytes to learn ")
                + Text($"from, {file.DictionaryBytes,9} of dictionary"));
        }

        foreach (ProfileRule unused in recipe.Profiles
            .Where((_, number) => samples.Runs.All(run => run.Profile != number)))
        {
            log.WriteLine($"note: no file fits the profile '{unused.Spec.Name}', which learns from the others' alone");
        }

        (byte[] model, byte[] dictionary) = Train(recipe, samples, networks, table, threads, log);
        byte[] zstdDictionary = SnapshotDictionaryCommand.Train(recipe, files);
        using SnapshotDraft draft = SnapshotDraft.Begin(output);
        draft.Put(model, dictionary, [.. networks.Select(network => network.Graph)], table, zstdDictionary);
        SnapshotManifest? manifest = label is null ? null : SnapshotSealCommand.Seal(draft.Folder, label,
            SnapshotSealer.DefaultProbe.ToArray());
        draft.Commit(SnapshotDraft.TrainedNames);
        log.WriteLine(Text($"{output}: {model.Length} bytes of context mixing, {dictionary.Length} of dictionary, ")
            + Text($"{zstdDictionary.Length} of zstd dictionary, {networks.Count} networks"));
        log.WriteLine(manifest is null ? $"next: linkcodec snapshot seal {output} --label NAME"
            : $"{manifest.Label} {manifest.Name}");
    }

    private static (byte[] Model, byte[] Dictionary) Train(
        TrainingRecipe recipe, SampleSet samples, List<(string Location, ReadOnlyMemory<byte> Graph)> networks,
        byte[] table, int threads, TextWriter log)
    {
        try
        {
            return SnapshotTrainer.Train(recipe, samples, networks, table, threads, log.WriteLine);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    /// <summary>Reads a recipe, and complains as commands do.</summary>
    public static TrainingRecipe ReadRecipe(string path)
    {
        try
        {
            return TrainingRecipe.Parse(SmallFile.Read(path, 1 << 20));
        }
        catch (FormatException e)
        {
            throw new UsageException($"{path}: {e.Message}", e);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
