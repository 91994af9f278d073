using System.Text.Json;
using LinkCodec.Simulator.Runs;

namespace LinkCodec.Simulator.Report;

/// <summary>A comparison as JSON.</summary>
internal static class RunJson
{
    public static void Write(Utf8JsonWriter writer, Comparison comparison)
    {
        writer.WriteString("scenario", comparison.Input.Scenario.Name);
        writer.WriteNumber("seed", comparison.FirstSeed);
        writer.WriteNumber("seeds", comparison.Seeds);
        writer.WriteStartArray("codecs");
        foreach (CodecSummary codec in comparison.Codecs)
        {
            writer.WriteStartObject();
            writer.WriteString("codec", codec.Codec);
            Write(writer, "delivered_bytes", codec.Mean(r => r.DeliveredBytes));
            Write(writer, "air_bytes", codec.Mean(r => r.AirBytes));
            Write(writer, "forward_bytes", codec.Mean(r => r.ForwardBytes));
            Write(writer, "effective_bps", codec.Mean(r => r.EffectiveBps));
            Write(writer, "gain_over_raw", codec.GainOverRaw);
            Write(writer, "goodput_fraction", codec.Mean(r => r.GoodputFraction));
            Write(writer, "latency_p50", codec.Mean(r => r.LatencyP50));
            Write(writer, "latency_p99", codec.Mean(r => r.LatencyP99));
            Write(writer, "messages_sent", codec.Mean(r => r.MessagesSent));
            Write(writer, "messages_delivered", codec.Mean(r => r.MessagesDelivered));
            writer.WriteNumber("messages_wrong", codec.Runs.Sum(r => r.MessagesWrong));
            Write(writer, "seconds", codec.Mean(r => r.Seconds));
            writer.WriteString("trace_sha256", codec.TraceSha256);
            writer.WriteString("ended", string.Join("; ", codec.Runs.Select(r => r.Ended).Distinct()));
            if (comparison.Seeds > 1)
            {
                WriteRuns(writer, comparison, codec);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRuns(Utf8JsonWriter writer, Comparison comparison, CodecSummary codec)
    {
        writer.WriteStartArray("runs");
        foreach (RunResult run in codec.Runs)
        {
            writer.WriteStartObject();
            writer.WriteNumber("seed", run.Seed);
            writer.WriteNumber("delivered_bytes", run.DeliveredBytes);
            writer.WriteNumber("air_bytes", run.AirBytes);
            Write(writer, "effective_bps", run.EffectiveBps);
            Write(writer, "gain_over_raw", comparison.GainOf(run));
            Write(writer, "goodput_fraction", run.GoodputFraction);
            Write(writer, "latency_p50", run.LatencyP50);
            Write(writer, "latency_p99", run.LatencyP99);
            writer.WriteNumber("messages_sent", run.MessagesSent);
            writer.WriteNumber("messages_delivered", run.MessagesDelivered);
            writer.WriteNumber("messages_wrong", run.MessagesWrong);
            Write(writer, "seconds", run.Seconds);
            writer.WriteString("trace_sha256", run.TraceSha256);
            writer.WriteString("ended", run.Ended);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is double number)
        {
            writer.WriteNumber(name, Math.Round(number, 6));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
