using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>The least that messages take in frames, however they travel: by what their codes tell, and by what so much
/// content needs, in 256ths of a bit.</summary>
internal readonly record struct PackingCost(long Information, long Expansion)
{
    /// <summary>The cost of a byte, in 256ths of a bit.</summary>
    public const long Byte = 8 * 256;

    /// <summary>Whole bytes; a frame's code is as long as the larger of both.</summary>
    public long Bytes => Math.Max(Information, Expansion) / Byte;

    /// <summary>The cost of one message; of a large one the cost of its parts' payloads.</summary>
    public static PackingCost Of(EncodedMessage message)
    {
        int length = message.Source.Content.Length;
        if (message.Decisions is null)
        {
            return Of(message.IsLarge ? message.CodedLength : length);
        }

        long stored = (length + VarInt.Length((ulong)length)) * Byte;
        long expansion = (length + CompressionLimits.MessageContent) * Byte / CompressionLimits.FrameExpansion;
        return new PackingCost(Math.Min(stored, message.Information), Math.Min(stored, expansion));
    }

    /// <summary>The cost of bytes that travel as they are.</summary>
    public static PackingCost Of(int bytes) => new(bytes * Byte, bytes * Byte);

    public static PackingCost operator +(PackingCost a, PackingCost b) =>
        new(a.Information + b.Information, a.Expansion + b.Expansion);

    public static PackingCost operator -(PackingCost a, PackingCost b) =>
        new(a.Information - b.Information, a.Expansion - b.Expansion);
}
