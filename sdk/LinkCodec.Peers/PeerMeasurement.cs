using System.Diagnostics;

namespace LinkCodec.Peers;

/// <summary>What a peer made of a set of messages.</summary>
/// <param name="Name">The peer's name.</param>
/// <param name="Messages">How many messages there were.</param>
/// <param name="RawBytes">Their bytes.</param>
/// <param name="CodedBytes">The bytes after the peer, by the rule of <see cref="Of"/>.</param>
/// <param name="CompressSeconds">The time that compression took, in seconds.</param>
internal sealed record PeerMeasurement(string Name, int Messages, long RawBytes, long CodedBytes, double CompressSeconds)
{
    /// <summary>
    /// Measures a peer message by message, each on its own, and verifies every one by decompressing it.
    /// The framing is the same for all: no length is counted, and a message that a peer would expand counts as one byte (which says so)
    /// and the raw bytes, so no peer loses more than one byte on a message.
    /// </summary>
    /// <exception cref="PeerException">A message did not come back as it was.</exception>
    public static PeerMeasurement Of(IPeerCodec peer, IReadOnlyCollection<byte[]> messages)
    {
        long raw = 0, coded = 0;
        Stopwatch watch = new();
        foreach (byte[] message in messages)
        {
            watch.Start();
            byte[] compressed = peer.Compress(message);
            watch.Stop();
            if (!peer.Decompress(compressed, message.Length).AsSpan().SequenceEqual(message))
            {
                throw new PeerException($"{peer.Name} did not give a message of {message.Length} bytes back as it was");
            }

            raw += message.Length;
            coded += Math.Min(compressed.Length, message.Length + 1);
        }

        return new PeerMeasurement(peer.Name, messages.Count, raw, coded, watch.Elapsed.TotalSeconds);
    }
}
