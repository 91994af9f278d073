using LinkCodec.Core.Endpoint;

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

    /// <summary>
    /// Whether an open tail is named before its message is sent. Senders before this version said it with the last
    /// message.
    /// </summary>
    internal bool IsNamedAhead { get; private init; } = true;

    /// <summary>Whether the last message lacks its terminator, told by a sender that names it late.</summary>
    internal bool HasClosingTail { get; private init; }

    /// <summary>
    /// The control map that carries it (protocol-spec/08-file-format.md): {1: format, 3: 0, or one more than the number
    /// of the open tail}.
    /// </summary>
    internal byte[] ToControl() => ControlMap.Write(
        (FormatKey, (ulong)Format), (OpenTailKey, OpenTail is { } tail ? tail + 1 : 0));

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
        };
    }
}
