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
    private const int EarlierTailsKey = 16; // And the keys behind it.

    /// <summary>How many earlier tails a layout can name.</summary>
    internal const int MaxEarlierTails = 8;

    /// <summary>
    /// Whether an open tail is named before its message is sent. Senders before this version said it with the last
    /// message.
    /// </summary>
    internal bool IsNamedAhead { get; private init; } = true;

    /// <summary>Whether the last message lacks its terminator, told by a sender that names it late.</summary>
    internal bool HasClosingTail { get; private init; }

    /// <summary>Numbers of other messages without a terminator, before the open tail: the stream's source ended there,
    /// and has grown since. At most <see cref="MaxEarlierTails"/>; null for none.</summary>
    internal ulong[]? EarlierTails { get; init; }

    /// <summary>The clock of live sound; null where the messages are none.</summary>
    internal SoundClock? Clock { get; init; }

    /// <summary>The durable queue that the messages come from; null where they come from none.</summary>
    internal QueueAnnouncement? Queue { get; init; }

    /// <summary>
    /// The control map that carries it (protocol-spec/04-frames.md, section 4.2): {1: format, 3: 0, or one more than
    /// the number of the open tail, from 16 on: the same of earlier ones}, and of live sound {5: its beginning,
    /// 6: the length of a segment}; with what is said of the durable queue.
    /// </summary>
    internal byte[] ToControl()
    {
        (int, ulong) format = (FormatKey, (ulong)Format);
        (int, ulong) tail = (OpenTailKey, OpenTail is { } number ? number + 1 : 0);
        (int, ulong)[] earlier = [.. (EarlierTails ?? []).Select((other, i) => (EarlierTailsKey + i, other + 1))];
        (int, ulong)[] sound = Clock is { } clock ? [(BeganKey, clock.Began), (SegmentKey, clock.Segment)] : [];
        return ControlMap.Write([format, tail, .. earlier, .. sound, .. Queue?.Entries ?? []]);
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
            EarlierTails = ReadEarlierTails(entries),
            HasClosingTail = entries.GetValueOrDefault(ClosingTailKey) != 0,
            Clock = entries.TryGetValue(BeganKey, out ulong began) && entries.TryGetValue(SegmentKey, out ulong segment)
                ? new SoundClock(began, segment)
                : null,
        };
    }

    /// <summary>Whether no terminator follows a message.</summary>
    /// <param name="number">The message's number.</param>
    internal bool IsOpen(ulong number) => OpenTail == number || EarlierTails?.Contains(number) == true;

    private static ulong[]? ReadEarlierTails(Dictionary<int, ulong> entries)
    {
        ulong[] tails = [.. Enumerable.Range(EarlierTailsKey, MaxEarlierTails)
            .Select(key => entries.GetValueOrDefault(key)).Where(tail => tail > 0).Select(tail => tail - 1)];
        return tails.Length > 0 ? tails : null;
    }
}
