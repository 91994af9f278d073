using System.CommandLine;
using System.Globalization;
using LinkCodec.CommandLine;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Training;

namespace LinkCodec.Tool.Commands;

/// <summary>
/// <c>snapshot light</c>: gives a model with networks the profiles of one without, for links that are too fast for its
/// networks.
/// </summary>
internal static class SnapshotLightCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> folder = new("DIR")
        {
            Description = "Folder with the model; it must be sealed afterwards.",
        };
        Option<string> from = new("--from")
        {
            Description = "Folder with a model without networks, trained with the same recipe.",
            Required = true,
        };
        Command light = new("light", "Gives a model whose networks are too slow for a fast link the profiles of one "
            + "without.") { folder, from };
        examples[light] = "linkcodec snapshot light my-model --from my-light-model";
        light.SetAction(parsed =>
        {
            string target = parsed.GetValue(folder)!;
            MixingModel full = Read(target);
            if (full.ProfileNames.Any(name => name.EndsWith(MixingModel.LightMark)))
            {
                throw new UsageException($"'{target}' has light profiles already.");
            }

            byte[] file = ContextMixingFile.Write(Join(full, Read(parsed.GetValue(from)!)));
            File.WriteAllBytes(Path.Combine(target, MixedSnapshot.ContextMixingPath), file);
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{target}: {file.Length} bytes of context mixing; next: linkcodec snapshot seal {target} "
                    + $"--label NAME"));
        });
        return light;
    }

    private static MixingModel Join(MixingModel full, MixingModel light)
    {
        try
        {
            return LightProfiles.Join(full, light);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static MixingModel Read(string folder)
    {
        byte[] model = File.ReadAllBytes(Path.Combine(folder, MixedSnapshot.ContextMixingPath));
        string dictionary = Path.Combine(folder, MixedSnapshot.DictionaryPath);
        return MixingModel.TryRead(model, File.Exists(dictionary) ? File.ReadAllBytes(dictionary) : [],
            out MixingModel? read, out string fault)
            ? read
            : throw new UsageException($"'{folder}': the context mixing's file {fault}.");
    }
}
