using System.Text.Json;
using LinkCodec.Simulator.Channel;

namespace LinkCodec.Simulator.Report;

/// <summary>The report of what a link did to what it was given, as JSON and as lines for a person.</summary>
internal static class LinkReport
{
    public static void Write(Utf8JsonWriter writer, LinkModel link)
    {
        Write(writer, "forward", link.Forward.Counters);
        if (link.HasReturn)
        {
            Write(writer, "return", link.Return.Counters);
        }
        else
        {
            writer.WriteNull("return");
        }

        writer.WriteString("trace_sha256", link.TraceSha256);
    }

    public static IEnumerable<string> Lines(LinkModel link)
    {
        yield return Line("forward", link.Forward.Counters);
        yield return link.HasReturn ? Line("return ", link.Return.Counters) : "return   none";
    }

    private static void Write(Utf8JsonWriter writer, string name, ChannelCounters counters)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("datagrams_sent", counters.Sent);
        writer.WriteNumber("bytes_sent", counters.SentBytes);
        writer.WriteNumber("datagrams_arrived", counters.Arrived);
        writer.WriteNumber("bytes_arrived", counters.ArrivedBytes);
        writer.WriteNumber("datagrams_altered", counters[Fate.Altered]);
        writer.WriteNumber("datagrams_lost", counters[Fate.Lost]);
        writer.WriteNumber("datagrams_in_outage", counters[Fate.Outage]);
        writer.WriteNumber("datagrams_queue_full", counters[Fate.QueueFull]);
        writer.WriteNumber("datagrams_too_long", counters[Fate.TooLong]);
        writer.WriteNumber("copies_made", counters.Copies);
        writer.WriteNumber("bits_flipped", counters.FlippedBits);
        writer.WriteEndObject();
    }

    private static string Line(string name, ChannelCounters c) => string.Create(
        null,
        $"{name}  {c.Sent} datagrams, {c.SentBytes} bytes sent; {c.Arrived} arrived ({c[Fate.Altered]} altered); lost "
            + $"{c[Fate.Lost]}, in outage {c[Fate.Outage]}, queue full {c[Fate.QueueFull]}, too long "
            + $"{c[Fate.TooLong]}");
}
