using LinkCodec.Core.Security;
using NSec.Cryptography;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Sealed segments: whatever the bytes, what opens is what sealing its plaintext under its counter gives, and it opens
/// once.
/// </summary>
public static class SegmentFuzz
{
    private const byte Tag = 0x2A;

    // The key of protocol-spec/vectors/segments.json.
    private static readonly byte[] TransportKey = HashAlgorithm.Sha256.Hash("LinkCodec test vector: transport key"u8);

    /// <summary>Runs the target once; throws when a property fails.</summary>
    public static void Run(ReadOnlySpan<byte> data)
    {
        using SegmentOpener opener = new(TransportKey, Tag);
        byte[] plaintext = new byte[data.Length];
        plaintext.AsSpan().Fill(0xEE);
        int room = Math.Max(0, data.Length - SegmentSealer.Overhead);
        if (!opener.TryOpen(data, plaintext, out ulong counter, out int length))
        {
            Require(counter == 0 && length == 0 && opener.HighestCounter is null && opener.RejectedCount == 1,
                "A refused segment left a trace.");
            Require(plaintext.AsSpan(0, room).IndexOfAnyExcept((byte)0) < 0, "A refused segment left plaintext.");
            return;
        }

        Require(length == room && opener.WasOpened(counter), "An opened segment has another length or counter.");
        using SegmentSealer sealer = new(TransportKey, Tag, counter);
        byte[] again = new byte[data.Length];
        Require(sealer.TrySeal(plaintext.AsSpan(0, length), again, out _, out _) && data.SequenceEqual(again),
            "A segment has two spellings.");
        Require(!opener.TryOpen(data, plaintext, out _, out _), "A segment was opened twice.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }
}
