using System.Text.Json;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Session;

namespace LinkCodec.CommandLine;

/// <summary>What a sender's bytes were for, and how its messages were coded, as members of a JSON object.</summary>
public static class StatisticsJson
{
    /// <summary>Writes the members <c>billed_bytes</c>, <c>sent_bytes</c> and <c>effort_bytes</c>.</summary>
    public static void Write(Utf8JsonWriter writer, LinkStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(statistics);
        SentBytes sent = statistics.Sent;
        writer.WriteNumber("billed_bytes", statistics.BytesBilled);
        writer.WriteStartObject("sent_bytes");
        writer.WriteNumber("code", sent.Code);
        writer.WriteNumber("framing", sent.Framing);
        writer.WriteNumber("seal", sent.Seal);
        writer.WriteNumber("handshake", sent.Handshake);
        writer.WriteNumber("reports", sent.Reports);
        writer.WriteNumber("repair", sent.Repair);
        writer.WriteNumber("redundancy", sent.Redundancy);
        writer.WriteNumber("control", sent.Control);
        writer.WriteNumber("padding", sent.Padding);
        writer.WriteEndObject();
        writer.WriteStartObject("effort_bytes");
        foreach ((Effort effort, long bytes) in statistics.EffortBytes.OrderBy(pair => pair.Key))
        {
            writer.WriteNumber(effort.ToString().ToLowerInvariant(), bytes);
        }

        writer.WriteEndObject();
    }
}
