using System.Globalization;
using System.Text.Json;
using LinkCodec.Baselines;

namespace LinkCodec.Tool.Comparison;

/// <summary>The outcome of a comparison, as a table or as JSON.</summary>
/// <param name="Messages">Messages compared.</param>
/// <param name="RawBytes">Bytes of the messages.</param>
/// <param name="Mtu">Bytes of the longest datagram.</param>
/// <param name="Snapshot">Label and name of LinkCodec's snapshot.</param>
/// <param name="IsAcked">Whether LinkCodec was also to start messages from those before them.</param>
/// <param name="Codecs">Message by message and in whole segments, in the order of the table.</param>
/// <param name="WholeFiles">Bytes of all files as one, for codecs that only make sense on whole files.</param>
/// <param name="Unavailable">Codecs that could not take part, with the reason.</param>
internal sealed record ComparisonReport(
    int Messages,
    long RawBytes,
    int Mtu,
    (string Label, string Name) Snapshot,
    bool IsAcked,
    IReadOnlyList<CodecFigures> Codecs,
    IReadOnlyList<(string Name, long Bytes)> WholeFiles,
    IReadOnlyList<(string Name, string Reason)> Unavailable)
{
    private const string Mark = " *";

    /// <summary>What is compared where it is not messages: images or sounds, whole files each.</summary>
    public string? Media { get; init; }

    private long RawWireBytes => Codecs[0].WireBytes;

    private CodecFigures? Reference => Codecs.FirstOrDefault(codec => codec.IsReference);

    public void WriteTable(TextWriter output)
    {
        output.WriteLine(Text($"{Messages} {Media ?? "messages"}, {RawBytes} bytes; segments of at most {Mtu} bytes")
            + (Media is null ? $"; snapshot {Snapshot.Label}" : ""));
        output.WriteLine();
        int width = Codecs.Max(codec => codec.Name.Length) + Mark.Length;
        string over = Reference is null ? "" : $" {"over *",8}";
        output.WriteLine($"{"codec".PadRight(width)} {"wire bytes",12} {"wire gain",10}{over} {"segments",9} "
            + $"{"bits/byte",10} {"coded bytes",12}");
        foreach (CodecFigures codec in Codecs)
        {
            string name = codec.IsReference ? codec.Name + Mark : codec.Name;
            string gain = Reference is null ? "" : Text($" {GainOverReference(codec),7:F2}x");
            output.WriteLine(Text($"{name.PadRight(width)} {codec.WireBytes,12} {Gain(codec),9:F2}x{gain} ")
                + Text($"{codec.Segments,9} {BitsPerByte(codec),10:F2} {codec.PayloadBytes,12}"));
        }

        output.WriteLine();
        if (Media is null)
        {
            WriteMessageNotes(output);
        }
        else
        {
            output.WriteLine("* the peer to quote: the shortest one here. over *: its wire bytes over a row's.");
            output.WriteLine("raw: portable maps, or WAVs, of the samples. wire: with frames, checks and the 20 bytes "
                + "that seal a segment.");
            output.WriteLine("Every file was coded whole, decoded, and its samples compared.");
        }

        foreach ((string name, long bytes) in WholeFiles)
        {
            output.WriteLine(Text($"note: {name} takes {bytes} bytes for everything as one file: no message can be ")
                + Text($"read before all of it is there."));
        }

        foreach ((string name, string reason) in Unavailable)
        {
            output.WriteLine($"not compared: {name}: {reason}");
        }
    }

    private void WriteMessageNotes(TextWriter output)
    {
        output.WriteLine(Reference is null
            ? $"No row is the peer to quote: {BaselineCatalog.ZstdWithDictionary} in whole segments needs --train FILE."
            : "* the peer to quote: what a careful user would build instead. over *: its wire bytes over a row's.");
        output.WriteLine("wire: with frames, checks and the 20 bytes that seal a segment, the same segments for "
            + "all; no " + "handshake. wire gain: raw");
        output.WriteLine("wire bytes, message by message, over wire bytes. bits/byte: wire bits for a byte of message. "
            + "coded: without framing.");
        output.WriteLine("whole segments: as many messages as one segment holds compressed together, many segments "
            + "for a larger message; rows");
        output.WriteLine("without: each message compressed alone, many in a segment. LinkCodec fills segments; "
            + "its coded " + "bytes are those of");
        output.WriteLine("messages that share no code.");
        if (IsAcked)
        {
            output.WriteLine("acked: each message coded from all before it, as when the receiver has acknowledged "
                + "them; the other rows don't.");
        }

        output.WriteLine("Every message was decoded and compared.");
    }

    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteNumber("messages", Messages);
        writer.WriteNumber("raw_bytes", RawBytes);
        writer.WriteNumber("mtu", Mtu);
        if (Media is null)
        {
            writer.WriteString("snapshot", Snapshot.Name);
            writer.WriteString("context", IsAcked ? "acked" : "cold");
        }
        else
        {
            writer.WriteString("media", Media);
        }

        writer.WriteStartArray("codecs");
        foreach (CodecFigures codec in Codecs)
        {
            writer.WriteStartObject();
            writer.WriteString("name", codec.Name);
            writer.WriteString("packing", codec.Packing == Packing.Segments ? "segments" : "messages");
            writer.WriteBoolean("reference", codec.IsReference);
            writer.WriteNumber("payload_bytes", codec.PayloadBytes);
            writer.WriteNumber("wire_bytes", codec.WireBytes);
            writer.WriteNumber("segments", codec.Segments);
            writer.WriteNumber("bits_per_byte", Math.Round(BitsPerByte(codec), 4));
            writer.WriteNumber("gain_over_raw", Math.Round(Gain(codec), 4));
            if (Reference is not null)
            {
                writer.WriteNumber("gain_over_reference", Math.Round(GainOverReference(codec), 4));
            }

            writer.WriteNumber("encode_seconds", Math.Round(codec.EncodeSeconds, 3));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WritePairs(writer, "whole_files",
            WholeFiles.Select(file => (file.Name, (Action)(() => writer.WriteNumber("bytes", file.Bytes)))));
        WritePairs(writer, "unavailable", Unavailable.Select(
            baseline => (baseline.Name, (Action)(() => writer.WriteString("reason", baseline.Reason)))));
    }

    private static void WritePairs(Utf8JsonWriter writer, string name,
        IEnumerable<(string Name, Action WriteValue)> pairs)
    {
        writer.WriteStartArray(name);
        foreach ((string key, Action writeValue) in pairs)
        {
            writer.WriteStartObject();
            writer.WriteString("name", key);
            writeValue();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private double BitsPerByte(CodecFigures codec) => RawBytes == 0 ? 0 : 8.0 * codec.WireBytes / RawBytes;

    private double Gain(CodecFigures codec) => (double)RawWireBytes / codec.WireBytes;

    private double GainOverReference(CodecFigures codec) => (double)Reference!.WireBytes / codec.WireBytes;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
