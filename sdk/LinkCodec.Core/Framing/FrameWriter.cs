using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>A cursor that writes frames into one segment's plaintext. Each <c>TryWrite</c> writes a whole frame or
/// nothing.</summary>
internal ref struct FrameWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Room => _destination.Length - Written;

    /// <summary>PADDING: <paramref name="count"/> bytes, fewer when there is less room.</summary>
    public void WritePadding(int count)
    {
        int n = Math.Clamp(count, 0, Room);
        _destination.Slice(Written, n).Clear();
        Written += n;
    }

    /// <summary>PING: asks the peer for a report.</summary>
    public bool TryWritePing()
    {
        if (Room < 1)
        {
            return false;
        }

        _destination[Written++] = (byte)FrameType.Ping;
        return true;
    }

    /// <summary>REPORT: the largest counter opened, and which of those under it were.</summary>
    /// <param name="largest">The largest counter opened.</param>
    /// <param name="bitmap">Bit i (least significant first) for counter <paramref name="largest"/> - 1 - i; zero bytes
    /// at its end are left out.</param>
    public bool TryWriteReport(ulong largest, scoped ReadOnlySpan<byte> bitmap)
    {
        bitmap = bitmap.TrimEnd((byte)0); // spec 4.2-1
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitmap.Length, FrameLimits.MaxReportBitmap, nameof(bitmap));
        if (Room < 2 + VarInt.Length(largest) + bitmap.Length)
        {
            return false;
        }

        WriteHead(FrameType.Report, largest);
        _destination[Written++] = (byte)bitmap.Length;
        Append(bitmap);
        return true;
    }

    /// <summary>CLOSE: why the session ends, with a line for a person.</summary>
    /// <param name="code">The error.</param>
    /// <param name="utf8">Valid UTF-8, at most 64 bytes.</param>
    public bool TryWriteClose(LinkErrorCode code, scoped ReadOnlySpan<byte> utf8)
    {
        // spec 4.2-2
        ArgumentOutOfRangeException.ThrowIfGreaterThan(utf8.Length, FrameLimits.MaxCloseText, nameof(utf8));
        if (Room < 2 + VarInt.Length((ulong)code) + utf8.Length)
        {
            return false;
        }

        WriteHead(FrameType.Close, (ulong)code);
        _destination[Written++] = (byte)utf8.Length;
        Append(utf8);
        return true;
    }

    /// <summary>CONTROL: a MessagePack map of at most 512 bytes.</summary>
    public bool TryWriteControl(scoped ReadOnlySpan<byte> map)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(map.Length, FrameLimits.MaxControl, nameof(map)); // spec 4.2-3
        if (Room < 1 + VarInt.Length((ulong)map.Length) + map.Length)
        {
            return false;
        }

        WriteHead(FrameType.Control, (ulong)map.Length);
        Append(map);
        return true;
    }

    /// <summary>END: how many messages were sent in all.</summary>
    public bool TryWriteEnd(ulong totalMessages)
    {
        if (Room < 1 + VarInt.Length(totalMessages))
        {
            return false;
        }

        WriteHead(FrameType.End, totalMessages);
        return true;
    }

    /// <summary>A unit: whole data frames as <see cref="DataFrameWriter"/> made them. Nothing can follow it.</summary>
    public bool TryWriteUnit(scoped ReadOnlySpan<byte> unit)
    {
        if (Room < unit.Length)
        {
            return false;
        }

        Append(unit);
        return true;
    }

    private void WriteHead(FrameType type, ulong value)
    {
        _destination[Written++] = (byte)type;
        Written += VarInt.Write(_destination[Written..], value);
    }

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Written..]);
        Written += bytes.Length;
    }
}
