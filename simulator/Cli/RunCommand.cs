using System.CommandLine;
using System.Globalization;
using LinkCodec.CommandLine;
using LinkCodec.Models;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Runs;

namespace LinkCodec.Simulator.Cli;

/// <summary><c>run</c>: messages over the simulated link in virtual time, with LinkCodec and with other codecs.</summary>
internal static class RunCommand
{
    private const double MostSeconds = 1e7;

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string> scenario = new("--scenario") { Description = "A name from `scenarios list`, or a JSON file.", Required = true };
        Option<string> input = new("--input") { Description = "The file with the messages.", Required = true };
        Option<string> messages = new("--messages") { Description = "How they stand in it: lines, rs, u32le or whole.", DefaultValueFactory = _ => "lines" };
        Option<string?> codecs = new("--codecs") { Description = $"Names, with commas: {string.Join(",", RunCodecs.Names)}. Default: all that can be had." };
        Option<string?> snapshot = new("--snapshot") { Description = "LinkCodec's snapshot: label, first digits of its name, folder, or none." };
        Option<ModelDevice> device = LinkArguments.Device();
        Option<string?> train = new("--train") { Description = "A file with other messages to train zstd's dictionary with." };
        Option<ulong> seed = new("--seed") { Description = "Same seed, same bytes.", DefaultValueFactory = _ => 1 };
        Option<int> seeds = new("--seeds") { Description = "Runs with so many seeds, one after the other, and means.", DefaultValueFactory = _ => 1 };
        Option<double> duration = new("--duration") { Description = "Virtual seconds after which a run is cut off.", DefaultValueFactory = _ => 86_400 };
        Option<double> interval = new("--interval") { Description = "Seconds from one message to the next; 0: all wait at the start.", DefaultValueFactory = _ => 0 };
        Option<string?> report = new("--report") { Description = "Write the comparison to this HTML file, which needs no network." };
        Option<string?> pcap = new("--pcap") { Description = "Write the datagrams of the first codec and seed to this file, for packet analysers." };
        Option<int> threads = new("--threads") { Description = "Threads that code at once; 0 for one a processor. Changes no byte.", DefaultValueFactory = _ => 0 };
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        Require(seeds, value => value is >= 1 and <= 10_000, "1 to 10000");
        Require(duration, value => value is > 0 and <= MostSeconds, "a number of seconds, more than 0 and at most 10000000");
        Require(interval, value => value is >= 0 and <= MostSeconds, "0 to 10000000 seconds");
        Require(threads, value => value is >= 0 and <= 256, "0 to 256");
        Command run = new("run", "Sends messages over a link in virtual time, with LinkCodec and with other codecs.")
        {
            scenario, input, messages, codecs, snapshot, device, train, seed, seeds, duration, interval, report, pcap, threads, json,
        };
        examples[run] = "linkcodec-simulator run --scenario demo --input samples/messages/metar.txt --seed 7 --report demo.html";
        run.SetAction((parsed, cancel) => RunAsync(
            new RunRequest
            {
                Scenario = ScenariosCommand.Find(parsed.GetRequiredValue(scenario)),
                Input = parsed.GetRequiredValue(input),
                Format = LinkArguments.ReadFormat(parsed.GetRequiredValue(messages)),
                Codecs = parsed.GetValue(codecs)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Snapshot = parsed.GetValue(snapshot) ?? SnapshotStore.DefaultLabel,
                Device = parsed.GetValue(device),
                Train = parsed.GetValue(train),
                Seed = parsed.GetValue(seed),
                Seeds = parsed.GetValue(seeds),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(duration)),
                Interval = TimeSpan.FromSeconds(parsed.GetValue(interval)),
                Pcap = parsed.GetValue(pcap),
                Threads = parsed.GetValue(threads),
            },
            parsed.GetValue(report),
            parsed.GetValue(json),
            parsed.InvocationConfiguration,
            cancel));
        return run;
    }

    private static async Task<int> RunAsync(
        RunRequest request, string? report, bool json, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        ComparisonRunner runner = new(request);
        Task<Comparison> work = Task.Run(() => runner.RunAsync(cancellationToken), cancellationToken);
        await ProgressLine.ShowWhileAsync(work, () => runner.Progress, console.Error, isTerminal: !Console.IsErrorRedirected);
        Comparison comparison = await work;
        if (report is not null)
        {
            await File.WriteAllTextAsync(report, RunHtml.Write(comparison), cancellationToken);
        }

        if (json)
        {
            CommandHost.WriteJson(console.Output, writer => RunJson.Write(writer, comparison));
        }
        else
        {
            foreach (string line in RunTable.Lines(comparison))
            {
                await console.Output.WriteLineAsync(line);
            }
        }

        long wrong = comparison.Codecs.Sum(codec => codec.Runs.Sum(run => run.MessagesWrong));
        if (wrong > 0)
        {
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"error: {wrong} messages arrived wrong."));
        }

        return wrong > 0 ? CommandHost.Failure : CommandHost.Success;
    }

    private static void Require<T>(Option<T> option, Func<T?, bool> holds, string range) => option.Validators.Add(result =>
    {
        if (!holds(result.GetValueOrDefault<T>()))
        {
            result.AddError($"{option.Name} is {range}.");
        }
    });
}
