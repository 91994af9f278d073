using System.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// <c>dev</c>: every file of the development data, message by message, through the codec and its baselines.
/// </summary>
internal static class DevCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        DevArguments arguments = new();
        Command dev = new("dev", "Ratios on the development data, message by message, decoded and compared: cold, with "
            + "acknowledged context, and baselines.");
        foreach (Option option in arguments.All)
        {
            dev.Options.Add(option);
        }

        examples[dev] = "LinkCodec.Benchmarks dev --files metar --acked-kilobytes 40";
        dev.SetAction(parsed => Run(arguments.ReadAll(parsed)));
        return dev;
    }

    private static int Run(DevOptions? asked)
    {
        if (asked is not { } options)
        {
            Console.WriteLine("skipped: no development data; name a folder with dev/ and train/ in it: --data DIR");
            return 0;
        }

        SnapshotManifest manifest = SnapshotStore.Default.Find(options.Snapshot).Manifest;
        using Snapshot? snapshot = options.ReportOnly ? null : SnapshotStore.Default.Load(options.Snapshot);
        DevReport report = new DevRun(options, snapshot, manifest.Name.ToString()).Run();
        string text = report.Text(manifest.Label);
        if (options.Write is { } document)
        {
            MarkedText.Replace(document, "dev", text);
            Console.Error.WriteLine($"written into {document}");
        }
        else
        {
            Console.WriteLine(text);
        }

        return 0;
    }
}
