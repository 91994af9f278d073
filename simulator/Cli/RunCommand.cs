using System.CommandLine;
using System.Globalization;
using System.Text;
using LinkCodec.CommandLine;
using LinkCodec.Core.Endpoint;
using LinkCodec.Models;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Runs;
using LinkCodec.Transport.Files;

namespace LinkCodec.Simulator.Cli;

/// <summary>
/// <c>run</c>: messages over the simulated link in virtual time, with LinkCodec and with other codecs.
/// </summary>
internal static class RunCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string> scenario = new("--scenario")
        {
            Description = "A name from `scenarios list`, or a JSON file.",
            Required = true,
        };
        Option<string> input = new("--input") { Description = "The file with the messages.", Required = true };
        Option<string> messages = new("--messages")
        {
            Description = "How they stand in it: lines, rs, u32le or whole.",
            DefaultValueFactory = _ => "lines",
        };
        Option<string?> codecs = new("--codecs")
        {
            Description = $"Names, with commas: {string.Join(",", RunCodecs.Names)}. Those in -segments compress as "
                + "many messages as fit into a datagram together, the others each alone. Default: all that can be had.",
        };
        Option<string?> snapshot = new("--snapshot")
        {
            Description = "LinkCodec's snapshot: label, first digits of its name, folder (./mine), or none.",
        };
        Option<ModelDevice> device = LinkArguments.Device();
        Option<string?> train = new("--train")
        {
            Description = "A file with other messages to train zstd's dictionary with.",
        };
        Option<ulong> seed = new("--seed") { Description = "Same seed, same bytes.", DefaultValueFactory = _ => 1 };
        Option<int> seeds = NumberOptions.Of("--seeds", "Runs with so many seeds, one after the other, and means.",
            1, 1, 10_000);
        Option<double> duration = NumberOptions.Of("--duration", "Virtual seconds after which a run is cut off.",
            86_400, 0.001, NumberOptions.MostSeconds);
        Option<double> interval = NumberOptions.Of("--interval",
            "Seconds from one message to the next; 0: all wait at the start.", 0, 0, NumberOptions.MostSeconds);
        Option<string> context = new("--context")
        {
            Description = "acked: messages start from those that the other end has; none: each from nothing; chained: "
                + "as in a packed file, for links without a way back.",
            DefaultValueFactory = _ => "acked",
        };
        EffortArguments effort = new();
        RepairArguments repairs = new(hasReturnPath: true);
        Option<double> speed = NumberOptions.Of(
            "--coding-speed",
            "Message bytes that an end codes or decodes in a second of virtual time; 0: coding takes none.", 0, 0,
            1e12);
        Option<string?> report = new("--report")
        {
            Description = "Write the comparison to this HTML file, which needs no network.",
        };
        Option<string?> pcap = new("--pcap")
        {
            Description = "Write the datagrams of the first codec and seed to this file, for packet analysers.",
        };
        Option<int> threads = NumberOptions.Threads();
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        Command run = new("run", "Sends messages over a link in virtual time, with LinkCodec and with other codecs.")
        {
            scenario, input, messages, codecs, snapshot, device, train, seed, seeds, duration, interval, context, speed,
            report, pcap, threads, json,
        };
        repairs.AddTo(run);
        effort.AddTo(run);
        examples[run] =
            "linkcodec-simulator run --scenario demo --input samples/messages/metar.txt --seed 7 --report demo.html";
        run.SetAction((parsed, cancel) => RunAsync(
            new RunRequest
            {
                Scenario = ScenariosCommand.Find(parsed.GetRequiredValue(scenario)),
                Input = parsed.GetRequiredValue(input),
                Format = LinkArguments.ReadFormat(parsed.GetRequiredValue(messages)),
                Codecs = parsed.GetValue(codecs)
                    ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Snapshot = parsed.GetValue(snapshot) ?? SnapshotStore.DefaultLabel,
                Device = parsed.GetValue(device),
                Train = parsed.GetValue(train),
                Seed = parsed.GetValue(seed),
                Seeds = parsed.GetValue(seeds),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(duration)),
                Interval = TimeSpan.FromSeconds(parsed.GetValue(interval)),
                Pcap = parsed.GetValue(pcap),
                Threads = parsed.GetValue(threads),
                Context = ReadContext(parsed.GetValue(context)!),
                Effort = effort.ReadEffort(parsed),
                MaxDelay = effort.ReadMaxDelay(parsed),
                CodeRate = repairs.ReadRate(parsed),
                RepairReach = repairs.ReadReach(parsed),
                CodingSpeed = parsed.GetValue(speed),
            },
            parsed.GetValue(report),
            parsed.GetValue(json),
            parsed.InvocationConfiguration,
            cancel));
        return run;
    }

    private static ContextMode ReadContext(string text) => text switch
    {
        "acked" => ContextMode.Acknowledged,
        "none" => ContextMode.None,
        "chained" => ContextMode.Chained,
        _ => throw new UsageException($"--context {text}: expected acked, none or chained"),
    };

    private static async Task<int> RunAsync(
        RunRequest request, string? report, bool json, InvocationConfiguration console,
        CancellationToken cancellationToken)
    {
        // Both outputs are begun before the work, which may take hours: what cannot be written is told at once.
        string[] inputs = [request.Input, .. request.Train is null ? [] : new[] { request.Train }];
        await using OutputFile? page = report is null ? null : OutputFile.Create(report, inputs);
        if (request.Pcap is { } capture)
        {
            OutputFile.RequireOther(capture, report is null ? inputs : [report, .. inputs]);
        }

        ComparisonRunner runner = new(request);
        Task<Comparison> work = Task.Run(() => runner.RunAsync(cancellationToken), cancellationToken);
        await ProgressLine.ShowWhileAsync(work, () => runner.Progress, console.Error,
            isTerminal: !Console.IsErrorRedirected);
        Comparison comparison = await work;
        if (page is not null)
        {
            await page.Stream.WriteAsync(Encoding.UTF8.GetBytes(RunHtml.Write(comparison)), cancellationToken);
            page.Commit();
        }

        TextWriter figures = StandardStreams.Figures(console, request.Pcap is "-" ? "-" : report ?? "");

        if (json)
        {
            CommandHost.WriteJson(figures, writer => RunJson.Write(writer, comparison));
        }
        else
        {
            foreach (string line in RunTable.Lines(comparison))
            {
                await figures.WriteLineAsync(line);
            }
        }

        long wrong = comparison.Codecs.Sum(codec => codec.Runs.Sum(run => run.MessagesWrong));
        if (wrong > 0)
        {
            await console.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"error: {wrong} messages arrived wrong."));
        }

        return wrong > 0 ? CommandHost.Failure : CommandHost.Success;
    }
}
