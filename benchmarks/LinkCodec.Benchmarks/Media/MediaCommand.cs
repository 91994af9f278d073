using System.CommandLine;
using LinkCodec.Benchmarks.Dev;

namespace LinkCodec.Benchmarks.Media;

/// <summary>
/// <c>media</c>: the images, videos and sounds of the development data, coded without loss, decoded and compared.
/// </summary>
internal static class MediaCommand
{
    private static readonly string[] ImageGroups = ["clic", "cid22", "eo", "kodak"];
    private static readonly string[] VideoGroups = ["video", "video2"];
    private static readonly string[] AudioGroups = ["audio", "audio2"];

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string?> data = Options.Data();
        Option<string> files = Options.Files();
        Option<int> tile = Options.Number("--tile", 128, "Side of the tiles of images; 0 for whole images.");
        Option<int> group = Options.Number("--group", 16, "Frames in a group of a video; 1: none is predicted.");
        Option<int> segment = Options.Number("--segment-milliseconds", 0, "Length of a segment of sound; 0 for whole.");
        Option<bool> fast = new("--fast") { Description = "Images in the fast code." };
        Option<bool> goesOn = new("--carry") { Description = "Each segment goes on from the one before." };
        Option<bool> eightBits = new("--eight-bits") { Description = "Of each sample of sound the upper 8 bits." };
        Command media = new("media", "Bits a sample and speed of lossless images (PNG), video (Y4M, .xz) and sound "
            + "(FLAC), decoded and compared.") { data, files, tile, fast, group, segment, goesOn, eightBits };
        examples[media] = "LinkCodec.Benchmarks media --files clic/003";
        media.SetAction(parsed => Run(DevFiles.Find(parsed.GetValue(data)), parsed.GetValue(files)!,
            parsed.GetValue(tile), parsed.GetValue(fast), parsed.GetValue(group), new AudioRun(parsed.GetValue(segment),
                parsed.GetValue(goesOn), parsed.GetValue(eightBits))));
        return media;
    }

    /// <summary><c>media-train</c>: the weights that the mixers start with, made anew.</summary>
    public static Command CreateTraining(Dictionary<Command, string> examples)
    {
        Option<string?> data = Options.Data();
        Option<int> count = Options.Number("--count", 40, "Images of each group, and sounds.");
        Argument<string> target = new("FILE") { Description = "The file to write." };
        Command train = new("media-train", "Trains the weights that the mixers of images and sound start with: another "
            + "coded form.") { data, count, target };
        examples[train] = "LinkCodec.Benchmarks media-train sdk/LinkCodec.Core/Media/StartWeights.bin";
        train.SetAction(parsed =>
        {
            if (DevFiles.Find(parsed.GetValue(data)) is not { } folder)
            {
                Console.WriteLine("skipped: no training data; name a folder with train/ in it: --data DIR");
                return 0;
            }

            MediaTraining.Run(folder, parsed.GetValue(count), parsed.GetValue(target)!);
            return 0;
        });
        return train;
    }

    private static int Run(string? data, string files, int tile, bool isFast, int frames, AudioRun audio)
    {
        if (data is null)
        {
            Console.WriteLine("skipped: no development data; name a folder with dev/ in it: --data DIR");
            return 0;
        }

        Console.WriteLine(MediaFigures.Heading);
        foreach (string group in ImageGroups)
        {
            MediaFigures figures = new(group);
            foreach (string path in List(Path.Combine(data, "dev", "images", group), "*.png", files))
            {
                ImageRun.Measure(path, tile, isFast, figures);
            }

            figures.Print();
        }

        // A line a file: they differ more than kinds do.
        foreach (string path in VideoGroups.SelectMany(group =>
            List(Path.Combine(data, "dev", group), "*.y4m*", files)))
        {
            MediaFigures figures = new(Path.GetFileName(path).Split('_')[0]);
            VideoRun.Measure(path, frames, figures);
            figures.Print();
        }

        foreach (string group in AudioGroups)
        {
            MediaFigures figures = new(group);
            foreach (string path in List(Path.Combine(data, "dev", group), "*.flac", files))
            {
                if (!audio.Measure(path, figures))
                {
                    Console.WriteLine("skipped: sound; the command flac is not to be found");
                    return 0;
                }
            }

            figures.Print();
        }

        return 0;
    }

    private static IEnumerable<string> List(string folder, string pattern, string files) => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, pattern)
            .Where(path => path.Replace('\\', '/').Contains(files, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
