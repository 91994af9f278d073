using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Clock;
using LinkCodec.Simulator.Pair;
using LinkCodec.Simulator.Report;

namespace LinkCodec.Simulator.Runs;

/// <summary>A codec's messages, coded once, and sent over the link as often as there are seeds. Coding takes no virtual time.</summary>
internal sealed class CodedRun : IDisposable
{
    private readonly RunInput _input;
    private readonly RunCodec _codec;
    private readonly MessageCodec _coder;
    private readonly UnitDecoder _decoder;
    private readonly EncodedMessage[] _messages;

    private CodedRun(RunInput input, RunCodec codec, MessageCodec coder, EncodedMessage[] messages) =>
        (_input, _codec, _coder, _decoder, _messages) = (input, codec, coder, new UnitDecoder(coder), messages);

    /// <summary>Codes the messages, and decodes them as they will most probably be packed.</summary>
    public static async Task<CodedRun> PrepareAsync(
        RunInput input, RunCodec codec, int threads, CancellationToken cancellationToken, Action<int>? onProgress = null)
    {
        int unitSize = LinkEnds.Mtu(input.Scenario.Forward) - SenderEnd.SegmentOverhead;
        MessageCodec coder = new(codec.Predictor, unitSize, threads);
        try
        {
            EncodedMessage[] coded = await codec.EncodeAsync(input.Messages, coder, unitSize, cancellationToken, onProgress);
            CodedRun run = new(input, codec, coder, coded);
            UnitPacker packer = new(unitSize, codec.Predictor.FrequencyBits);
            foreach (EncodedMessage message in coded)
            {
                packer.Add(message);
            }

            List<ReadOnlyMemory<byte>> units = [];
            while (input.Interval == TimeSpan.Zero && packer.HasPending)
            {
                units.Add(packer.Build().Data);
            }

            await run._decoder.PrepareAsync(units, cancellationToken, onProgress);
            return run;
        }
        catch
        {
            coder.Dispose();
            throw;
        }
    }

    /// <summary>Sends everything over the link of one seed.</summary>
    /// <param name="seed">All the randomness of link, keys and handshake.</param>
    /// <param name="capture">Gets every datagram; null for none; the caller's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public RunResult Run(ulong seed, PcapWriter? capture = null, CancellationToken cancellationToken = default)
    {
        using LinkEnds ends = new(_input.Scenario, seed);
        using LinkModel link = _input.Scenario.Build(seed);
        using SenderEnd sender = new(ends.Sender, ends.SenderHandshake(_codec.Offer), _messages, _input.Interval, _codec.Predictor.FrequencyBits);
        using ReceiverEnd receiver = new(ends.Receiver, ends.ReceiverHandshake(_codec.Offer), _decoder);
        VirtualClock clock = new();
        int room = Math.Max(ends.Sender.MaxDatagramSize, Math.Max(ends.Receiver.MaxDatagramSize, 256));
        EndpointPair<SenderEnd, ReceiverEnd> pair = new(sender, receiver, link, clock, capture, room);
        PairEnd end = pair.Run(_input.Duration, () => cancellationToken.IsCancellationRequested);
        cancellationToken.ThrowIfCancellationRequested();
        return Evaluate(seed, link, sender, receiver, clock.Now, end);
    }

    public void Dispose() => _coder.Dispose();

    private RunResult Evaluate(ulong seed, LinkModel link, SenderEnd sender, ReceiverEnd receiver, Timestamp stoppedAt, PairEnd end)
    {
        List<(double Seconds, long Bytes)> course = [];
        List<double> latencies = [];
        HashSet<ulong> seen = [];
        long bytes = 0;
        long wrong = 0;
        foreach (Delivery delivery in receiver.Deliveries)
        {
            if (!seen.Add(delivery.Number) || !IsRight(delivery))
            {
                wrong++;
                continue;
            }

            double at = SecondsOf(delivery.At);
            bytes += _input.Messages[(int)delivery.Number].Length;
            latencies.Add(at - (_input.Interval * delivery.Number).TotalSeconds);
            course.Add((at, bytes));
        }

        bool isAll = latencies.Count == _messages.Length && latencies.Count > 0;
        double lastDelivery = course.Count == 0 ? 0 : course[^1].Seconds;
        double seconds = isAll ? lastDelivery : Math.Max(lastDelivery, SecondsOf(Timestamp.Min(sender.EndedAt, stoppedAt)));
        DataRate rate = Scenarios.Scenario.RateOf(_input.Scenario.Forward);
        latencies.Sort();
        return new RunResult
        {
            Codec = _codec.Name,
            Seed = seed,
            MessagesSent = _messages.Length,
            MessagesDelivered = latencies.Count,
            MessagesWrong = wrong,
            DeliveredBytes = bytes,
            AirBytes = link.Forward.Counters.SentBytes + link.Return.Counters.SentBytes,
            Seconds = seconds,
            GoodputFraction = rate.IsUnlimited || seconds == 0 ? null : 8 * receiver.PayloadBytes / (rate.BitsPerSecond * seconds),
            LatencyP50 = Percentile(latencies, 50),
            LatencyP99 = Percentile(latencies, 99),
            TraceSha256 = link.TraceSha256,
            Ended = receiver.RefusedFrames > 0 ? "the receiver refused a frame" : end == PairEnd.TimeUp ? "time up" : sender.Ending ?? "idle",
            Course = course,
        };
    }

    private bool IsRight(in Delivery delivery)
    {
        if (delivery.Number >= (ulong)_input.Messages.Count)
        {
            return false;
        }

        ReadOnlySpan<byte> sent = _input.Messages[(int)delivery.Number].Span;
        return _codec.Restore(delivery.Content, sent.Length).Span.SequenceEqual(sent);
    }

    /// <summary>The nearest rank.</summary>
    private static double? Percentile(List<double> sorted, int percent) =>
        sorted.Count == 0 ? null : sorted[((sorted.Count * percent) + 99) / 100 - 1];

    private static double SecondsOf(Timestamp at) => at.Microseconds / 1e6;
}
