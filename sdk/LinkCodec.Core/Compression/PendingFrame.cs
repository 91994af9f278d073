using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>A data frame that is about to be written.</summary>
internal readonly record struct PendingFrame(
    DataFrameKind Kind, ulong FirstMessage, int Count, ulong Offset, bool IsLast, uint Check, ReadOnlyMemory<byte> Payload, ulong Base = 0)
{
    /// <summary>The longest header of a frame that runs to the segment's end.</summary>
    public static int MaxHeader { get; } = DataFrameWriter.HeaderLength(DataFrameKind.CodedPart, VarInt.Max, VarInt.Max, start: 1);

    /// <summary>Bytes of the whole frame.</summary>
    public int Size(bool explicitLength) =>
        Payload.Length + DataFrameWriter.HeaderLength(Kind, FirstMessage, Offset, explicitLength ? Payload.Length : DataFrameWriter.ToEnd, Base);

    /// <summary>Writes the frame and returns its size.</summary>
    public int Write(Span<byte> destination, bool explicitLength)
    {
        int length = explicitLength ? Payload.Length : DataFrameWriter.ToEnd;
        int header = Kind switch
        {
            DataFrameKind.Coded => DataFrameWriter.WriteCodedHeader(destination, FirstMessage, Count, Check, length, Base),
            DataFrameKind.Stored => DataFrameWriter.WriteStoredHeader(destination, FirstMessage, length),
            DataFrameKind.StoredMany => DataFrameWriter.WriteStoredManyHeader(destination, FirstMessage, Count, length),
            DataFrameKind.CodedPart => DataFrameWriter.WriteCodedPartHeader(destination, FirstMessage, Offset, IsLast, Check, length, Base),
            _ => DataFrameWriter.WriteStoredPartHeader(destination, FirstMessage, Offset, IsLast, length),
        };
        Payload.Span.CopyTo(destination[header..]);
        return header + Payload.Length;
    }
}
