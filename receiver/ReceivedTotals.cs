using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LinkCodec.CommandLine;

namespace LinkCodec.Receiver;

/// <summary>The sums of what came in over the sessions of one run.</summary>
internal sealed class ReceivedTotals
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _messages;
    private long _bytes;
    private long _received;
    private long _sent;
    private long _segments;
    private ulong _lost;
    private bool _isEndKnown;
    private double _seconds;
    private string _snapshot = "";
    private LinkDelay? _delay;

    /// <summary>What came of messages of which parts were lost; null where that was not asked for.</summary>
    public PartialMedia? Incomplete { get; init; }

    /// <summary>Whether a state folder keeps what was delivered: what a session lacked comes in the next one.</summary>
    public bool IsKept { get; init; }

    /// <summary>The fault of the run in one line, where something is missing; null where nothing is.</summary>
    public string? Fault =>
        !_isEndKnown ? "the end of the messages was not received" : _lost > 0 ? $"{_lost} messages were lost" : null;

    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"received {_messages} messages, {_bytes} bytes, from {_received} bytes on the link, {_seconds:F1} s{Late}");

    private string Late => _delay is { } delay
        ? string.Create(CultureInfo.InvariantCulture,
            $"; sound delayed by {delay.Mean.TotalSeconds:F2} s, {delay.Longest.TotalSeconds:F2} s at most")
        : "";

    /// <summary>Adds a session that has ended.</summary>
    /// <param name="receiver">The receiver of the session.</param>
    /// <param name="isLast">Whether none follows: the handshakes, which are the listener's, count then.</param>
    public void Add(LinkReceiver receiver, bool isLast)
    {
        LinkStatistics got = receiver.Statistics;
        _messages += got.Messages;
        _bytes += got.MessageBytes;
        _received += isLast ? got.BytesReceived : got.Session.BytesReceived;
        _sent += isLast ? got.BytesSent : got.Session.BytesSent;
        _segments += got.Session.DatagramsReceived;
        _lost += IsKept && !isLast ? 0 : receiver.Missing.Aggregate(0UL, (sum, range) => sum + range.Count);
        _isEndKnown = receiver.TotalMessages is not null;
        _seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        _snapshot = receiver.Snapshot.Name.ToString();
        _delay = receiver.Delay ?? _delay;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("messages", _messages);
        writer.WriteNumber("messages_lost", _lost);
        Incomplete?.Write(writer);
        writer.WriteNumber("raw_bytes", _bytes);
        writer.WriteNumber("wire_bytes", _received);
        writer.WriteNumber("return_bytes", _sent);
        writer.WriteNumber("segments", _segments);
        writer.WriteNumber("seconds", Math.Round(_seconds, 3));
        if (_delay is { } delay)
        {
            writer.WriteStartObject("delay_seconds");
            writer.WriteNumber("mean", Math.Round(delay.Mean.TotalSeconds, 3));
            writer.WriteNumber("longest", Math.Round(delay.Longest.TotalSeconds, 3));
            writer.WriteEndObject();
        }

        writer.WriteString("snapshot", _snapshot);
    }
}
