using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using LinkCodec.CommandLine;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Proxy;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Scenarios;
using LinkCodec.Transport;
using LinkCodec.Transport.Udp;

namespace LinkCodec.Simulator.Cli;

/// <summary><c>proxy</c>: the simulated link in real time between two processes.</summary>
internal static class ProxyCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<LinkEndpoint> listen = Udp("--listen", "Where the sender sends to, as udp://HOST:PORT.", leastPort: 0);
        Option<LinkEndpoint> forward = Udp("--forward", "Where the receiver listens, as udp://HOST:PORT.",
            leastPort: 1);
        Option<string> scenario = new("--scenario")
        {
            Description = "A name from `scenarios list`, or a JSON file.",
            Required = true,
        };
        Option<ulong> seed = new("--seed")
        {
            Description = "Same seed, same verdicts for the same datagrams.",
            DefaultValueFactory = _ => 1,
        };
        Option<double?> duration = NumberOptions.Optional("--duration",
            "Stop after so many seconds; otherwise Ctrl-C stops.", 0.001, 1e6);
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        Command proxy = new("proxy", "Puts the link between two processes, in real time.") { listen, forward, scenario,
            seed, duration, json };
        examples[proxy] = "linkcodec-simulator proxy --listen udp://127.0.0.1:9000 --forward udp://127.0.0.1:9001 "
            + "--scenario demo --seed 7";
        proxy.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(listen),
            parsed.GetRequiredValue(forward),
            ScenariosCommand.Find(parsed.GetRequiredValue(scenario)),
            parsed.GetValue(seed),
            parsed.GetValue(duration),
            parsed.GetValue(json),
            parsed.InvocationConfiguration,
            cancel));
        return proxy;
    }

    private static async Task<int> RunAsync(
        LinkEndpoint listen,
        LinkEndpoint forward,
        Scenario scenario,
        ulong seed,
        double? duration,
        bool json,
        InvocationConfiguration console,
        CancellationToken cancellationToken)
    {
        UdpTransportOptions options = new() { MaxDatagramSize = 65507, SendBufferSize = 1 << 20 };
        await using UdpTransport client = await UdpTransport.ListenAsync(listen.Target, listen.Port, options,
            cancellationToken);
        await using UdpTransport target = await UdpTransport.ConnectAsync(forward.Target, forward.Port, options,
            cancellationToken);
        using LinkModel link = scenario.Build(seed);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (duration is double seconds)
        {
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        await console.Error.WriteLineAsync($"{scenario.Name}: udp://{client.LocalEndPoint} -> {forward}, seed {seed}");
        long start = Stopwatch.GetTimestamp();
        LinkProxy proxy = new(client, target, link);
        await ProgressLine.ShowWhileAsync(
            proxy.RunAsync(stop.Token),
            () => string.Create(null, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s: "
                + $"{link.Forward.Counters.Sent} forward, {link.Return.Counters.Sent} back"),
            console.Error,
            isTerminal: !Console.IsErrorRedirected);

        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (json)
        {
            CommandHost.WriteJson(console.Output, writer =>
            {
                writer.WriteString("scenario", scenario.Name);
                writer.WriteNumber("seed", seed);
                writer.WriteNumber("seconds", Math.Round(elapsed, 3));
                LinkReport.Write(writer, link);
                writer.WriteNumber("dropped_for_memory", proxy.DroppedForMemory);
            });
        }
        else
        {
            foreach (string line in LinkReport.Lines(link))
            {
                await console.Output.WriteLineAsync(line);
            }
        }

        return CommandHost.Success;
    }

    private static Option<LinkEndpoint> Udp(string name, string description, int leastPort) => new(name)
    {
        Description = description,
        Required = true,
        CustomParser = result => ParseUdp(name, leastPort, result),
    };

    private static LinkEndpoint? ParseUdp(string name, int leastPort, ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (LinkEndpoint.TryParse(text, out LinkEndpoint? endpoint, out string? problem)
            && endpoint.Scheme == LinkScheme.Udp)
        {
            if (endpoint.Port < leastPort)
            {
                result.AddError($"{name}: '{text}' is nowhere: port 0 is for listening alone.");
            }

            return endpoint;
        }

        result.AddError($"{name}: {problem ?? $"'{text}' is a file: write udp://HOST:PORT."}");
        return null;
    }
}
