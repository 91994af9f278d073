using System.Reactive.Linq;
using LinkCodec.Codec;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Report;

namespace LinkCodec.Simulator.Runs;

/// <summary>A codec's messages over a link, as often as there are seeds.</summary>
internal sealed class CodecRuns(RunInput input, RunCodec codec, int threads) : IDisposable
{
    private readonly CodingPool _coding = new(threads);
    private readonly IReadOnlyList<Parcel> _parcels =
        codec.Pack(input.Messages, LinkEnds.Mtu(input.Scenario.Forward));

    /// <summary>Message bytes predicted so far, at both ends; may be asked from another thread.</summary>
    public long PredictedBytes => _coding.PredictedBytes;

    /// <summary>Sends everything over the link of one seed.</summary>
    /// <param name="seed">The seed of all the randomness of link, keys and handshake.</param>
    /// <param name="capture">Gets every datagram; null for none; the caller's.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    public RunResult Run(ulong seed, PcapWriter? capture = null, CancellationToken cancellationToken = default)
    {
        using SimulatedRun run = new(input, _parcels, codec, _coding, seed, capture);
        List<double> latencies = [];
        List<(double Seconds, long Bytes)> course = [];
        HashSet<ulong> seen = [];
        long bytes = 0;
        long wrong = 0;
        using IDisposable counting = run.Deliveries.Subscribe(delivery =>
        {
            if (delivery.Number >= (ulong)_parcels.Count || !seen.Add(delivery.Number))
            {
                wrong++;
                return;
            }

            Parcel parcel = _parcels[(int)delivery.Number];
            IReadOnlyList<ReadOnlyMemory<byte>> restored =
                codec.Restore(delivery.Content, input.Messages[parcel.First].Length);
            double at = SecondsOf(delivery.At);
            wrong += Math.Max(0, restored.Count - parcel.Count);
            for (int i = 0; i < parcel.Count; i++)
            {
                ReadOnlySpan<byte> sent = input.Messages[parcel.First + i].Span;
                if (i >= restored.Count || !restored[i].Span.SequenceEqual(sent))
                {
                    wrong++;
                    continue;
                }

                bytes += sent.Length;
                latencies.Add(at - (input.Interval * (parcel.First + i)).TotalSeconds);
                course.Add((at, bytes));
            }
        });
        run.Run(cancellationToken);

        bool isAll = latencies.Count == input.Messages.Count && latencies.Count > 0;
        double lastDelivery = course.Count == 0 ? 0 : course[^1].Seconds;
        double seconds = isAll ? lastDelivery : Math.Max(lastDelivery, SecondsOf(run.EndedAt));
        DataRate rate = Scenarios.Scenario.RateOf(input.Scenario.Forward);
        latencies.Sort();
        return new RunResult
        {
            Codec = codec.Name,
            Seed = seed,
            MessagesSent = input.Messages.Count,
            MessagesDelivered = latencies.Count,
            MessagesWrong = wrong,
            DeliveredBytes = bytes,
            AirBytes = run.Link.Forward.Counters.SentBytes + run.Link.Return.Counters.SentBytes,
            ForwardBytes = run.Link.Forward.Counters.SentBytes,
            SessionBytes = run.SessionBytes,
            Sent = run.Sent,
            Seconds = seconds,
            GoodputFraction = rate.IsUnlimited || seconds == 0 ? null : 8 * run.PayloadBytes
                / (rate.BitsPerSecond * seconds),
            LatencyP50 = Percentile(latencies, 50),
            LatencyP99 = Percentile(latencies, 99),
            TraceSha256 = run.Link.TraceSha256,
            Ended = run.Ending,
            Course = course,
        };
    }

    public void Dispose() => _coding.Dispose();

    /// <summary>The nearest rank.</summary>
    private static double? Percentile(List<double> sorted, int percent) =>
        sorted.Count == 0 ? null : sorted[((sorted.Count * percent) + 99) / 100 - 1];

    private static double SecondsOf(Timestamp at) => at.Microseconds / 1e6;
}
