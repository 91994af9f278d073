namespace LinkCodec.Core.Session;

/// <summary>
/// The place where a unit begins or ends in the stream of messages: ordered by message, then by byte.
/// </summary>
internal readonly record struct UnitPosition(ulong Message, ulong Offset) : IComparable<UnitPosition>
{
    public int CompareTo(UnitPosition other)
    {
        int byMessage = Message.CompareTo(other.Message);
        return byMessage != 0 ? byMessage : Offset.CompareTo(other.Offset);
    }
}
