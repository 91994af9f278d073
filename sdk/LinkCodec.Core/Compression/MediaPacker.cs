using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Compression;

/// <summary>
/// Fills units with the frames of messages that hold samples, one behind the other: a media code is cut where a unit is
/// full. Not thread-safe.
/// </summary>
/// <param name="maxUnitSize">Bytes of a unit at most.</param>
internal sealed class MediaPacker(int maxUnitSize)
{
    // A stretch of fewer bytes is not worth its header.
    private const int LeastStretch = 24;

    private readonly List<DataFrame> _open = [];
    private int _size; // Bytes of the open unit's frames, each with its length.
    private long _messageBytes;

    /// <summary>Whether a unit is begun.</summary>
    public bool HasOpen => _open.Count > 0;

    /// <summary>Adds a frame.</summary>
    /// <param name="frame">The next one, by message and offset.</param>
    /// <param name="full">Where units go that are full.</param>
    public void Add(MediaFrame frame, ICollection<PackedUnit> full)
    {
        if (frame.Frame.IsMedia)
        {
            AddCode(frame, full);
            return;
        }

        if (_size + DataFrameWriter.Length(frame.Frame, toEnd: true) > maxUnitSize)
        {
            Close(full);
        }

        Put(frame.Frame, frame.MessageBytes, full);
    }

    /// <summary>Closes the unit that is begun.</summary>
    /// <param name="full">Where it goes.</param>
    public void Close(ICollection<PackedUnit> full)
    {
        if (HasOpen)
        {
            full.Add(new PackedUnit([.. _open], null) { MessageBytes = _messageBytes });
            _open.Clear();
            (_size, _messageBytes) = (0, 0);
        }
    }

    // spec 4.3-4, 4.3-8, 12.3-1
    private void AddCode(MediaFrame whole, ICollection<PackedUnit> full)
    {
        ReadOnlyMemory<byte> code = whole.Frame.Payload;
        for (int at = 0; at < code.Length;)
        {
            DataFrame rest = whole.Frame with
            {
                Offset = whole.Frame.Offset + (ulong)at,
                CodeStart = at,
                Payload = code[at..],
            };
            DataFrame cut = rest with { EndsCode = false, IsLast = false };
            int room = maxUnitSize - _size;
            bool fits = DataFrameWriter.Length(rest, toEnd: true) <= room;
            int stretch = fits ? rest.Payload.Length : room - DataFrameWriter.HeaderLength(cut, toEnd: true);
            if (!fits && HasOpen && stretch < LeastStretch)
            {
                Close(full);
                continue;
            }

            // What ends a code has a longer header: a byte at least is left for it.
            stretch = fits ? stretch : Math.Min(stretch, rest.Payload.Length - 1);
            DataFrame frame = fits ? rest : cut with { Payload = rest.Payload[..stretch] };
            at += stretch;
            Put(frame, (int)((long)whole.MessageBytes * stretch / code.Length), full);
            if (!fits)
            {
                Close(full);
            }
        }
    }

    private void Put(in DataFrame frame, int messageBytes, ICollection<PackedUnit> full)
    {
        _open.Add(frame);
        _size += DataFrameWriter.Length(frame, toEnd: false);
        _messageBytes += messageBytes;
        if (_size >= maxUnitSize - LeastStretch)
        {
            Close(full);
        }
    }
}
