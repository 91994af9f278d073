using System.Diagnostics;

namespace LinkCodec.Baselines;

/// <summary>The measurement of a baseline on a set of messages.</summary>
/// <param name="Name">The baseline's name.</param>
/// <param name="Messages">The number of messages.</param>
/// <param name="RawBytes">The messages' bytes.</param>
/// <param name="CodedBytes">The bytes after the baseline, by the rule of <see cref="Of"/>.</param>
/// <param name="CompressSeconds">The time that compression took, in seconds.</param>
internal sealed record BaselineMeasurement(string Name, int Messages, long RawBytes, long CodedBytes,
    double CompressSeconds)
{
    /// <summary>
    /// Measures a baseline message by message, each on its own, and verifies every one by decompressing it.
    /// The framing is the same for all: no length is counted, and a message that a baseline would expand counts as one
    /// byte (which says so) and the raw bytes, so no baseline loses more than one byte on a message.
    /// </summary>
    /// <exception cref="BaselineException">A message did not come back as it was.</exception>
    public static BaselineMeasurement Of(IBaselineCodec baseline, IReadOnlyCollection<byte[]> messages)
    {
        long raw = 0, coded = 0;
        Stopwatch watch = new();
        foreach (byte[] message in messages)
        {
            watch.Start();
            byte[] compressed = baseline.Compress(message);
            watch.Stop();
            if (!baseline.Decompress(compressed, message.Length).AsSpan().SequenceEqual(message))
            {
                throw new BaselineException(
                    $"{baseline.Name} did not give a message of {message.Length} bytes back as it was");
            }

            raw += message.Length;
            coded += Math.Min(compressed.Length, message.Length + 1);
        }

        return new BaselineMeasurement(baseline.Name, messages.Count, raw, coded, watch.Elapsed.TotalSeconds);
    }
}
