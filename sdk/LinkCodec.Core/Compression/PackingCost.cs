using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>What a message adds to the frame that it travels in, in 256ths of a bit, without the frame's header.</summary>
internal readonly record struct PackingCost
{
    /// <summary>256ths of a bit in a byte.</summary>
    public const long Byte = 8 * 256;

    /// <summary>More than any message costs.</summary>
    public const long Never = long.MaxValue / 4;

    public PackingCost(EncodedMessage message, long information)
    {
        int length = message.Source.Content.Length;
        Stored = message.IsLarge ? message.CodedLength * Byte : (length + VarInt.Length((ulong)length)) * Byte;
        Information = message.Decisions is null ? Never : information;
        Expansion = message.Decisions is null ? Never : (length + CompressionLimits.MessageContent) * Byte / CompressionLimits.FrameExpansion;
    }

    /// <summary>Stored beside others; of a large message all its parts.</summary>
    public long Stored { get; }

    /// <summary>Coded: what its decisions tell, rounded down.</summary>
    public long Information { get; }

    /// <summary>Coded: what so much content needs, however little it tells.</summary>
    public long Expansion { get; }

    /// <summary>Coded: a frame's code is as long as the larger of both sums.</summary>
    public long Coded => Math.Max(Information, Expansion);
}
