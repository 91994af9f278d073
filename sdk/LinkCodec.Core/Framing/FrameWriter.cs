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

    /// <summary>AGAIN: the unit of this segment was all that an earlier one held.</summary>
    /// <param name="distance">The distance to the earlier segment's counter.</param>
    public bool TryWriteAgain(ulong distance)
    {
        if (Room < 1 + VarInt.Length(distance))
        {
            return false;
        }

        WriteHead(FrameType.Again, distance);
        return true;
    }

    /// <summary>RECOVERED: what this end has made of repairs.</summary>
    /// <param name="count">Segments computed.</param>
    /// <param name="held">Equations held, and unknown segments in them.</param>
    public bool TryWriteRecovered(ulong count, (int Equations, int Unknown) held)
    {
        if (Room < 1 + VarInt.Length(count) + VarInt.Length((ulong)held.Equations) + VarInt.Length((ulong)held.Unknown))
        {
            return false;
        }

        WriteHead(FrameType.Recovered, count);
        Written += VarInt.Write(_destination[Written..], (ulong)held.Equations);
        Written += VarInt.Write(_destination[Written..], (ulong)held.Unknown);
        return true;
    }

    /// <summary>REPAIR: nothing can follow it.</summary>
    public bool TryWriteRepair(in RepairFrame repair)
    {
        if (Room < 3 + VarInt.Length((ulong)repair.Reach) + repair.Symbol.Length)
        {
            return false;
        }

        WriteHead(FrameType.Repair, (ulong)repair.Reach);
        Append([repair.BackToLast, repair.BackToLastButOne]);
        Append(repair.Symbol.Span);
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
