namespace LinkCodec.State;

/// <summary>
/// The beginning of a message that is not whole yet, in a file of a receiver's state folder, so that a session that
/// goes on with it need not bring it again. One for each sender. Not thread-safe.
/// </summary>
/// <remarks>
/// Nothing is synced: what a power cut takes comes again. Each record names its message and its place, so that what is
/// read is a beginning of that message, and nothing else. Bytes written: 24 a record at most, beside the message's.
/// </remarks>
internal sealed class BegunMessage : IDisposable
{
    private const byte PartType = 1; // The queue's identity, the message's number in it, the offset; then the bytes.
    private const int MostRead = 1 << 16;

    private readonly IStateFile _file;
    private readonly RecordBuffer _record = new();
    private ulong _queue;
    private ulong _number;
    private long _end;

    private BegunMessage(IStateFile file) => _file = file;

    /// <summary>Bytes of the message that are in the file.</summary>
    public int Length { get; private set; }

    /// <summary>Opens the file of a sender, or makes it.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static BegunMessage Open(IStateFiles files, string name) =>
        new(files.Names().Contains(name) ? files.Open(name) : files.Create(name));

    /// <summary>Reads the beginning of a message, and goes on with it; where another one's is there, that is
    /// forgotten.</summary>
    /// <param name="queue">The queue's identity.</param>
    /// <param name="number">The message's number in it.</param>
    public byte[] Read(ulong queue, ulong number)
    {
        RecordScan scan = new(_file, at: 0);
        long end = _file.Length;
        MemoryStream content = new();
        long whole = 0;
        while (scan.TryNext(end, out Record record) && record.Type == PartType
            && record.ReadNumber() == queue && record.ReadNumber() == number
            && record.ReadNumber() == (ulong)content.Length)
        {
            content.Write(record.Rest);
            whole = scan.At;
        }

        (_queue, _number, _end, Length) = (queue, number, whole, (int)content.Length);
        _file.Truncate(whole);
        return content.ToArray();
    }

    /// <summary>Begins another message.</summary>
    public void Begin(ulong queue, ulong number)
    {
        (_queue, _number, _end, Length) = (queue, number, 0, 0);
        _file.Truncate(0);
    }

    /// <summary>Adds bytes behind those that are there.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> part = bytes[..Math.Min(bytes.Length, MostRead)];
            _record.Clear();
            _record.Add(PartType, [_queue, _number, (ulong)Length], part);
            _file.Write(_record.Written, _end);
            _end += _record.Written.Length;
            Length += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    public void Dispose() => _file.Dispose();
}
