using LinkCodec.Core.Endpoint;
using LinkCodec.State;
using LinkCodec.Streams;

namespace LinkCodec;

/// <summary>
/// The layout of the stream that messages come from, so that the other end can restore it byte for byte.
/// </summary>
/// <param name="Format">The form in which the messages stand.</param>
/// <param name="OpenTail">The number of the last message, once the stream has ended without a terminator behind it;
/// null otherwise.</param>
public sealed record StreamLayout(MessageFormat Format, ulong? OpenTail = null)
{
    private const int FormatKey = 1;
    private const int ClosingTailKey = 2;
    private const int OpenTailKey = 3;
    private const int BeganKey = 5;
    private const int SegmentKey = 6;

    /// <summary>
    /// Whether an open tail is named before its message is sent. Senders before this version said it with the last
    /// message.
    /// </summary>
    internal bool IsNamedAhead { get; private init; } = true;

    /// <summary>Whether the last message lacks its terminator, told by a sender that names it late.</summary>
    internal bool HasClosingTail { get; private init; }

    /// <summary>The clock of live sound; null where the messages are none.</summary>
    internal SoundClock? Clock { get; init; }

    /// <summary>The durable queue that the messages come from; null where they come from none.</summary>
    internal QueueAnnouncement? Queue { get; init; }

    /// <summary>
    /// The control map that carries it (protocol-spec/04-frames.md, section 4.2): {1: format, 3: 0, or one more than
    /// the number of the open tail}, and of live sound {5: its beginning, 6: the length of a segment};
    /// with what is said of the durable queue.
    /// </summary>
    internal byte[] ToControl()
    {
        (int, ulong) format = (FormatKey, (ulong)Format);
        (int, ulong) tail = (OpenTailKey, OpenTail is { } number ? number + 1 : 0);
        (int, ulong)[] sound = Clock is { } clock ? [(BeganKey, clock.Began), (SegmentKey, clock.Segment)] : [];
        return ControlMap.Write([format, tail, .. sound, .. Queue?.Entries ?? []]);
    }

    /// <summary>Reads a control map; null when it says nothing of a layout. Peer bytes: never throws.</summary>
    internal static StreamLayout? FromControl(byte[] map)
    {
        if (ControlMap.Read(map) is not { } entries || !entries.TryGetValue(FormatKey, out ulong format)
            || format > int.MaxValue || !Enum.IsDefined((MessageFormat)format))
        {
            return null;
        }

        bool isNamedAhead = entries.TryGetValue(OpenTailKey, out ulong tail);
        return new StreamLayout((MessageFormat)format, tail > 0 ? tail - 1 : null)
        {
            IsNamedAhead = isNamedAhead,
            HasClosingTail = entries.GetValueOrDefault(ClosingTailKey) != 0,
            Clock = entries.TryGetValue(BeganKey, out ulong began) && entries.TryGetValue(SegmentKey, out ulong segment)
                ? new SoundClock(began, segment)
                : null,
        };
    }
}
