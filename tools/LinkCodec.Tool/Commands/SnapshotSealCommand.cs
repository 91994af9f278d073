using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder;

namespace LinkCodec.Tool.Commands;

/// <summary><c>snapshot seal</c>: makes a folder with a model's files a snapshot.</summary>
internal static class SnapshotSealCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> folder = new("DIR")
        {
            Description = "Folder with context-mixing.bin, and with dictionary.bin, network-0.onnx and so on, "
                + "weights-table.bin, zstd-dictionary.bin where the model has them; or with the files of an imported "
                + "language model.",
        };
        Option<string> label = new("--label")
        {
            Description = "What people call it: at most 64 bytes.",
            Required = true,
        };
        Option<string> probe = new("--probe")
        {
            Description = "File with the self-test's messages, bytes 0x1E between them, at most 4,096 bytes; default: "
                + "built-in ones.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command seal = new("seal", "Writes a folder's manifest: its files' hashes and what this machine computes "
            + "with them.") { folder, label, probe, json };
        examples[seal] = "linkcodec snapshot seal my-model --label my-model-1";
        seal.SetAction(parsed =>
        {
            byte[] text = parsed.GetValue(probe) is string file
                ? ReadProbe(file)
                : SnapshotSealer.DefaultProbe.ToArray();
            SnapshotManifest manifest = Seal(parsed.GetValue(folder)!, parsed.GetValue(label)!, text);
            SnapshotFacts.Print(parsed.GetValue(json), parsed.InvocationConfiguration.Output,
                SnapshotFacts.Of(manifest));
        });
        return seal;
    }

    /// <summary>Seals, and complains as commands do.</summary>
    public static SnapshotManifest Seal(string folder, string label, byte[] probe)
    {
        try
        {
            return SnapshotSealer.Seal(folder, label, probe);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static byte[] ReadProbe(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[SnapshotLimits.ProbeBytes + 1];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read <= SnapshotLimits.ProbeBytes ? bytes[..read] : throw new UsageException(
            $"'{path}' has more than {SnapshotLimits.ProbeBytes} bytes, too many for a probe.");
    }
}
