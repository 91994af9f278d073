namespace LinkCodec.Core.Framing;

/// <summary>The limits that every reader checks before it believes a length (protocol-spec/04-frames.md, sections 4.2
/// and 4.3).</summary>
internal static class FrameLimits
{
    /// <summary>Bytes of a report's bitmap: 384 counters under the largest.</summary>
    public const int MaxReportBitmap = 48;

    /// <summary>Bytes of UTF-8 in a CLOSE.</summary>
    public const int MaxCloseText = 64;

    /// <summary>Bytes of a CONTROL's MessagePack map.</summary>
    public const int MaxControl = 512;

    /// <summary>Whole messages in one frame.</summary>
    public const int MaxMessagesPerFrame = 8191;

    /// <summary>Bytes of the code of a part that holds samples.</summary>
    public const int MaxMediaCode = 1 << 20;

    /// <summary>Counters that a repair reaches back.</summary>
    public const int MaxRepairReach = 8192;

    /// <summary>Bytes of a repair's symbol at least: a length, and a byte.</summary>
    public const int MinRepairSymbol = 3;

    /// <summary>Equations that a receiver of repairs holds.</summary>
    public const int MaxEquations = 2048;
}
