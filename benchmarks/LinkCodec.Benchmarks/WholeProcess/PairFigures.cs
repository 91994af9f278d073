using System.Text.Json;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>What a pair of processes took for a file.</summary>
/// <param name="WireBytes">Bytes that the sender put on the link, handshake and repairs included.</param>
/// <param name="Seconds">From the sender's start, loading the model included, until the receiver had used all.</param>
/// <param name="Efforts">Message bytes by effort, as text.</param>
internal sealed record PairFigures(long WireBytes, double Seconds, string Efforts)
{
    public static PairFigures Read(JsonElement sender) =>
        new(sender.GetProperty("wire_bytes").GetInt64(), sender.GetProperty("seconds").GetDouble(),
            string.Join(", ", sender.GetProperty("effort_bytes").EnumerateObject()
                .Select(effort => $"{effort.Name} {effort.Value}")));

    /// <summary>Message bits a second, over the link's bits a second.</summary>
    public double Effective(long rate, long rawBytes) => rawBytes * 8 / Seconds / rate;

    /// <summary>The share of the link's time in which it carried something.</summary>
    public double Used(long rate) => WireBytes * 8 / Seconds / rate;
}
