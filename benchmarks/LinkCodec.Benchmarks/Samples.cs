using System.Globalization;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks;

/// <summary>
/// Messages and a model for measurements that need no data. Speed does not depend on what the messages say.
/// </summary>
internal static class Samples
{
    /// <summary>Bytes of a unit when the longest datagram has 1200.</summary>
    public const int UnitSize = 1180;

    private static readonly string[] Words =
        ["battery", "nominal", "attitude", "wind", "from", "the", "north", "pressure", "falling", "station", "reports",
            "clear", "antenna", "at"];

    /// <summary>The snapshot's model, loaded once in a process.</summary>
    public static Predictor Model => Loaded.Value.Predictor;

    private static Lazy<Core.Snapshots.Snapshot> Loaded { get; } = new(() => SnapshotStore.Default.Load());

    /// <summary>Messages of the same length, the same in every run.</summary>
    public static OutgoingMessage[] Messages(int count, int length)
    {
        OutgoingMessage[] messages = new OutgoingMessage[count];
        for (int i = 0; i < count; i++)
        {
            StringBuilder text = new();
            for (int word = i; text.Length < length; word += 1 + (i % 5))
            {
                text.Append(CultureInfo.InvariantCulture, $"{Words[word % Words.Length]} {word * 37 % 101}, ");
            }

            messages[i] = new OutgoingMessage((ulong)i, Encoding.ASCII.GetBytes(text.ToString()[..length]));
        }

        return messages;
    }

    /// <summary>The units of coded messages, as the other end reads them: one or more of each message.</summary>
    public static List<IReadOnlyList<DataFrame>> Units(IEnumerable<CodedMessages> messages) =>
        [.. messages.SelectMany(message => message.Frames())];
}
