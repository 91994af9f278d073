using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>A message after prediction, ready to be packed: as decisions, as it is, or as parts that each fill a
/// segment.</summary>
internal sealed class EncodedMessage
{
    internal EncodedMessage(
        OutgoingMessage source,
        int codedLength,
        Decision[]? decisions,
        IReadOnlyList<EncodedPart>? parts,
        ulong start = 0)
    {
        Source = source;
        CodedLength = codedLength;
        Decisions = decisions;
        Parts = parts;
        Base = start;
    }

    /// <summary>The message itself.</summary>
    public OutgoingMessage Source { get; }

    /// <summary>Bytes that its payload takes when nothing shares a frame with it.</summary>
    public int CodedLength { get; }

    /// <summary>
    /// The base of the message's code: it was coded from the context of the messages below this number; 0 for the start
    /// state.
    /// </summary>
    public ulong Base { get; }

    /// <summary>Whether the message takes several segments.</summary>
    public bool IsLarge => Parts is not null;

    /// <summary>Whether there is no code of it, because its beginning became no smaller: it travels as it is. What has
    /// a code may too, where that is shorter.</summary>
    public bool IsStored => Decisions is null && Parts is null;

    internal Decision[]? Decisions { get; }

    /// <summary>The information of the decisions, in 256ths of a bit, rounded down.</summary>
    internal long Information { get; init; }

    /// <summary>Bytes of the decisions' code, if nothing shares it.</summary>
    internal int CodeLength { get; init; }

    internal IReadOnlyList<EncodedPart>? Parts { get; }

    /// <summary>A message that travels as it is: in one stored frame, or in parts where that is too large for a
    /// segment.</summary>
    /// <param name="source">The message; its bytes are referred to, not copied.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most; the same as the packer's.</param>
    /// <remarks>
    /// Meant for content that was compressed elsewhere, so that it takes the same frames as any other.
    /// </remarks>
    public static EncodedMessage Store(OutgoingMessage source, int maxUnitSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxUnitSize, DataFrameWriter.MaxHeader + 16);
        int length = source.Content.Length;
        if (length <= maxUnitSize - DataFrameWriter.HeaderLength(DataFrameKind.Stored, source.Number))
        {
            return new EncodedMessage(source, length, null, null);
        }

        int room = maxUnitSize - DataFrameWriter.HeaderLength(DataFrameKind.StoredPart, source.Number, (ulong)length);
        List<EncodedPart> parts = [];
        for (int at = 0; at < length; at += room)
        {
            int size = Math.Min(room, length - at);
            parts.Add(new EncodedPart(at, size, IsStored: true, source.Content.Slice(at, size)));
        }

        return new EncodedMessage(source, length, null, parts);
    }
}

/// <summary>A part of a large message.</summary>
/// <param name="Offset">The part's start in the message, in bytes.</param>
/// <param name="Length">Bytes of the message that it holds.</param>
/// <param name="IsStored">Whether the payload is those bytes themselves.</param>
/// <param name="Payload">Range code, or the bytes.</param>
internal readonly record struct EncodedPart(int Offset, int Length, bool IsStored, ReadOnlyMemory<byte> Payload);
