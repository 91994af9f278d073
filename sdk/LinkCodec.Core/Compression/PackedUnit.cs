using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Data frames that travel together in one segment.</summary>
/// <param name="Frames">The frames, one or more.</param>
/// <param name="State">The context behind the frames, where one of them keeps it; owned by whoever has the
/// unit.</param>
internal sealed record PackedUnit(IReadOnlyList<DataFrame> Frames, StreamContext? State)
{
    /// <summary>Message bytes that the unit stands for.</summary>
    public long MessageBytes { get; init; }

    /// <summary>Number of the first message.</summary>
    public ulong First => Frames[0].FirstMessage;

    /// <summary>The number after that of the last message.</summary>
    public ulong End => Frames[^1].FirstMessage + (ulong)Frames[^1].Count;

    /// <summary>Bytes of code, blocks and raw content, without the frames' headers.</summary>
    public int PayloadBytes => Frames.Sum(frame => frame.Payload.Length);

    /// <summary>The slot that the frames start from; 0 for the start state.</summary>
    public int Base => Frames.FirstOrDefault(frame => frame.IsCoded).Base;

    /// <summary>The slot that keeps <see cref="State"/>; 0 for none.</summary>
    public int Keep => Frames.LastOrDefault(frame => frame.IsCoded).Keep;

    /// <summary>The frames as they are sent.</summary>
    /// <param name="isShort">Whether the receiver can complete a message's number from its lowest bits. It is said in
    /// full all the same where the unit would have no room to grow when it is sent again.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most.</param>
    public byte[] ToBytes(bool isShort, int maxUnitSize)
    {
        DataFrame first = Frames[0];
        bool mayBeShort = Frames.Count == 1 && first.IsOneCoded
            && DataFrameWriter.Length(first, toEnd: true) <= maxUnitSize;
        IReadOnlyList<DataFrame> frames = isShort && mayBeShort ? [first with { IsShort = true }] : Frames;
        int last = frames.Count - 1;
        byte[] unit = new byte[frames.Select((frame, i) => DataFrameWriter.Length(frame, i == last)).Sum()];
        int at = 0;
        for (int i = 0; i <= last; i++)
        {
            at += DataFrameWriter.Write(unit.AsSpan(at), frames[i], toEnd: i == last);
        }

        return unit;
    }
}
