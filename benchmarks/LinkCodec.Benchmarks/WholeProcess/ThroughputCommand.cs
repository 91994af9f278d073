using System.CommandLine;
using System.Globalization;
using LinkCodec.CommandLine;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// Message bytes a second that whole processes get over links of several rates: each effort, and zstd with dictionary
/// in whole segments over the same session.
/// </summary>
internal static class ThroughputCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string?> data = Options.Data();
        Option<string> snapshot = Options.Snapshot();
        Option<string> tools = Tools();
        Option<string> rates = new("--rates")
        {
            Description = "The links' rates, in bits a second.",
            DefaultValueFactory = _ => "2400,9600,64000,256000,1000000,10000000,50000000",
        };
        Option<string> ways = new("--ways")
        {
            Description = "What is measured, by name.",
            DefaultValueFactory = _ => string.Join(',', ThroughputWay.Every.Select(way => way.Name)),
        };
        Option<int> seconds = Options.Number("--seconds", 20, "How long the link is to be busy.");
        Option<double> loss = new("--loss")
        {
            Description = "The share of datagrams that are lost, both ways.",
            DefaultValueFactory = _ => 0.01,
        };
        Option<double> delay = new("--delay") { Description = "Seconds one way.", DefaultValueFactory = _ => 0.3 };
        (Option<bool> write, Option<string> document) = (Options.Write(), Options.Document());
        Command command = new("throughput", "What whole processes get through links of several rates, in real time: "
            + "each effort, and zstd with dictionary in whole segments.") { data, snapshot, tools, rates, ways, seconds,
            loss, delay, write, document };
        examples[command] = "LinkCodec.Benchmarks throughput --rates 64000 --ways auto,zstd";
        command.SetAction((parsed, stop) =>
        {
            List<ThroughputWay> chosen = [.. parsed.GetValue(ways)!.Split(',').Select(ThroughputWay.Find)];
            long[] links = [.. parsed.GetValue(rates)!.Split(',').Select(ReadRate)];
            return DataTable.WriteAsync(parsed.GetValue(data),
                parsed.GetValue(write) ? parsed.GetValue(document) : null, "throughput", async (folder, work) =>
                {
                    RealPair pair = new(parsed.GetValue(tools)!, work, parsed.GetValue(delay), parsed.GetValue(loss));
                    await pair.PrepareAsync(stop);
                    ThroughputRun run = new(pair, work, parsed.GetValue(snapshot)!, parsed.GetValue(seconds),
                        ThroughputSamples.Read(folder));
                    return await run.TableAsync(links, chosen, stop);
                });
        });
        return command;
    }

    /// <summary>The option --tools.</summary>
    public static Option<string> Tools() => new("--tools")
    {
        Description = "The folder of the built commands.",
        DefaultValueFactory = _ => "artifacts",
    };

    private static long ReadRate(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long rate)
        && rate > 0 ? rate : throw new UsageException($"--rates: '{text}' is no rate in bits a second");
}
