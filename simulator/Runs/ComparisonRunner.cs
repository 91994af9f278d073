using System.IO.Pipelines;
using LinkCodec.Baselines;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Report;
using LinkCodec.Streams;
using LinkCodec.Transport.Files;

namespace LinkCodec.Simulator.Runs;

/// <summary>Runs every codec with every seed, one after the other.</summary>
internal sealed class ComparisonRunner(RunRequest request)
{
    private volatile string _stage = "reading";
    private CodecRuns? _running;

    /// <summary>The progress of the comparison, for a person; may be asked for from another thread.</summary>
    public string Progress => $"{_stage}, {Volatile.Read(ref _running)?.PredictedBytes ?? 0} bytes predicted";

    /// <exception cref="LinkException">The input cannot be cut into messages, or a codec cannot be had.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<Comparison> RunAsync(CancellationToken cancellationToken)
    {
        RunInput input = new(
            request.Scenario, await ReadAsync(request.Input, cancellationToken), request.Interval, request.Duration,
            request.Context, request.CodingSpeed, Effort: request.Effort,
            MaxDelay: request.MaxDelay, CodeRate: request.CodeRate, RepairReach: request.RepairReach);
        byte[][]? examples = request.Train is null
            ? null
            : [.. (await ReadAsync(request.Train, cancellationToken)).Select(m => m.ToArray())];
        _stage = "loading";
        IReadOnlyList<RunCodec> codecs = [];
        try
        {
            codecs = RunCodecs.Create(request.Codecs, request.Snapshot, request.Device, examples);
            List<IReadOnlyList<RunResult>> all = [];
            foreach (RunCodec codec in codecs)
            {
                all.Add(Run(input, codec, all.Count == 0 ? request.Pcap : null, cancellationToken));
            }

            IReadOnlyList<RunResult>? raw = all.FirstOrDefault(runs => runs[0].Codec == "raw");
            if (raw is null)
            {
                using RunCodec uncompressed = RunCodec.Of("raw", new RawBaseline());
                raw = Run(input, uncompressed, null, cancellationToken);
            }

            return Comparison.Of(input, request.Seed, all, raw);
        }
        catch (BaselineException e)
        {
            throw new LinkException(e.Message);
        }
        finally
        {
            foreach (RunCodec codec in codecs)
            {
                codec.Dispose();
            }
        }
    }

    private List<RunResult> Run(RunInput input, RunCodec codec, string? pcap, CancellationToken cancellationToken)
    {
        using CodecRuns coded = new(input, codec, request.Threads);
        Volatile.Write(ref _running, coded);
        List<RunResult> runs = [];
        for (int i = 0; i < request.Seeds; i++)
        {
            ulong seed = unchecked(request.Seed + (ulong)i);
            _stage = $"{codec.Name}: seed {seed}";
            using OutputFile? file = i == 0 && pcap is not null ? OutputFile.Create(pcap) : null;
            using PcapWriter? capture = file is null ? null : new PcapWriter(file.Stream);
            runs.Add(coded.Run(seed, capture, cancellationToken));
            file?.Commit();
        }

        return runs;
    }

    private async Task<List<ReadOnlyMemory<byte>>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        PipeReader reader = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        List<ReadOnlyMemory<byte>> messages = [];
        await foreach (ReadOnlyMemory<byte> message in MessageStreamReader.ReadAllAsync(reader, request.Format,
            cancellationToken: cancellationToken))
        {
            messages.Add(message);
        }

        return messages;
    }
}
