using System.Buffers;
using System.Buffers.Binary;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Files;

/// <summary>
/// Finds the records in the bytes of a file, and finds them again after damage. Holds no buffer and does no input.
/// </summary>
/// <remarks>
/// The parser's output does not depend on how the bytes were cut into calls: it decides only when it has seen as far as
/// the rule looks, at most two records, or when the file has ended. It is linear in the bytes, whatever they are.
/// </remarks>
/// <param name="isLive">Whether a writer may still be at work and pause: then a record behind others is handed out once
/// it is whole, without a look at what follows.</param>
internal sealed class FileRecordParser(bool isLive = false)
{
    private bool _headerRead;
    private bool _inDamage;
    // Offset in the file: no framed record starts before it (a memory, so that nothing is searched twice).
    private long _noFrameBefore;

    private long _datagrams;
    private long _position;
    private long _skipped;
    private long _places;
    private long _firstDamage = -1;

    /// <summary>The ways in which a call may end.</summary>
    public enum Status
    {
        /// <summary>Every byte that is left may belong to what follows: give more.</summary>
        NeedMore,

        /// <summary>One datagram was found.</summary>
        Datagram,

        /// <summary>The file has ended.</summary>
        End,

        /// <summary>The file is not such a file; <see cref="Refusal"/> says why.</summary>
        Refused,
    }

    /// <summary>Whether segments may lean on those before them, or the header that would tell is damaged.</summary>
    public bool MayChain { get; private set; }

    public LinkErrorCode Refusal { get; private set; }

    /// <summary>Whether the file is refused because an earlier version of this software wrote it.</summary>
    public bool IsEarlier { get; private set; }

    public FileReadReport Report => new(_datagrams, _position, _skipped, _places, _firstDamage);

    /// <summary>
    /// Takes what it can from the start of <paramref name="bytes"/>, which then starts where the next call must.
    /// </summary>
    /// <param name="bytes">Everything read from the file and not yet taken.</param>
    /// <param name="isFinal">Whether the file ends with these bytes.</param>
    /// <param name="datagram">A part of <paramref name="bytes"/>, valid while they are.</param>
    public Status TryRead(ref ReadOnlySequence<byte> bytes, bool isFinal, out ReadOnlySequence<byte> datagram)
    {
        datagram = default;
        if (!_headerRead)
        {
            Status header = ReadHeader(ref bytes, isFinal);
            if (header != Status.Datagram)
            {
                return header;
            }
        }

        while (!bytes.IsEmpty)
        {
            switch (Judge(bytes, isFinal, out long skip, out int length))
            {
                case Verdict.Record:
                    datagram = bytes.Slice(FileFormat.RecordHeaderSize, length);
                    bytes = bytes.Slice(FileFormat.RecordHeaderSize + length);
                    _position += FileFormat.RecordHeaderSize + length;
                    _datagrams++;
                    _inDamage = false;
                    return Status.Datagram;
                case Verdict.Skip:
                    Skip(ref bytes, skip);
                    break;
                default:
                    return Status.NeedMore;
            }
        }

        return isFinal ? Status.End : Status.NeedMore;
    }

    private enum Verdict
    {
        NeedMore,
        Record,
        Skip,
    }

    private Status ReadHeader(ref ReadOnlySequence<byte> bytes, bool isFinal)
    {
        const int WithMarker = FileFormat.HeaderSize + FileFormat.MarkerSize;
        if (bytes.Length < WithMarker && !isFinal)
        {
            return Status.NeedMore;
        }

        Span<byte> start = stackalloc byte[WithMarker];
        start.Clear();
        int taken = (int)Math.Min(bytes.Length, WithMarker);
        bytes.Slice(0, taken).CopyTo(start);
        bool magic = start.StartsWith(FileFormat.Magic);
        byte version = start[FileFormat.Magic.Length];
        if (magic && taken >= FileFormat.HeaderSize && version is not (FileFormat.Version or FileFormat.ChainedVersion))
        {
            Refusal = LinkErrorCode.VersionMismatch; // spec 8.1-3
            IsEarlier = version < FileFormat.Version;
            return Status.Refused;
        }

        bool marker = start[FileFormat.HeaderSize..].SequenceEqual(FileFormat.Marker);
        if (taken < FileFormat.HeaderSize || (!magic && !marker))
        {
            Refusal = LinkErrorCode.Malformed; // spec 8.1-2
            return Status.Refused;
        }

        _headerRead = true;
        MayChain = !magic || version == FileFormat.ChainedVersion; // spec 8.1-4
        if (magic)
        {
            bytes = bytes.Slice(FileFormat.HeaderSize);
            _position = FileFormat.HeaderSize;
        }
        else
        {
            Skip(ref bytes, FileFormat.HeaderSize); // spec 8.1-2: the records still count.
        }

        return Status.Datagram;
    }

    private void Skip(ref ReadOnlySequence<byte> bytes, long count)
    {
        _firstDamage = _firstDamage < 0 ? _position : _firstDamage;
        _places += _inDamage ? 0 : 1;
        _inDamage = true;
        _skipped += count; // spec 8.3-6
        _position += count;
        bytes = bytes.Slice(count);
    }

    /// <summary>Judges what starts at the first byte: a record, or damage of <paramref name="skip"/> bytes.</summary>
    private Verdict Judge(in ReadOnlySequence<byte> bytes, bool isFinal, out long skip, out int length)
    {
        skip = 0;
        length = 0;
        if (bytes.Length < FileFormat.RecordHeaderSize && !isFinal)
        {
            return Verdict.NeedMore;
        }

        if (!TryReadLength(bytes, 0, out length))
        {
            skip = NextMarker(bytes, 1, isFinal); // spec 8.3-2
            return Verdict.Skip;
        }

        long end = FileFormat.RecordHeaderSize + (long)length;
        switch (IsFramed(bytes, 0, isFinal))
        {
            case true:
                return Verdict.Record; // spec 8.3-1
            case null:
                return isLive && !_inDamage && end <= bytes.Length ? Verdict.Record : Verdict.NeedMore; // spec 8.3-8
            default:
                break;
        }

        // spec 8.3-7: no further than this record and one that begins in it
        long? inside = FramedWithin(bytes, Math.Min(end, bytes.Length), isFinal);
        if (inside is null)
        {
            return Verdict.NeedMore;
        }

        if (inside > 0)
        {
            // spec 8.3-3: the length was damaged, or bytes are missing: a whole record begins inside.
            skip = inside.Value;
            return Verdict.Skip;
        }

        if (end <= bytes.Length)
        {
            return Verdict.Record; // spec 8.3-4: only what follows is damaged.
        }

        skip = NextMarker(bytes, 1, isFinal); // spec 8.3-5: longer than the file: cut off, or a damaged length.
        return Verdict.Skip;
    }

    /// <summary>
    /// Whether a whole record starts at <paramref name="at"/> and the file's end or another marker is right behind it;
    /// null: not seen far enough.
    /// </summary>
    private static bool? IsFramed(in ReadOnlySequence<byte> bytes, long at, bool isFinal)
    {
        if (!TryReadLength(bytes, at, out int length))
        {
            return isFinal || bytes.Length - at >= FileFormat.RecordHeaderSize ? false : null;
        }

        long end = at + FileFormat.RecordHeaderSize + length;
        if (isFinal && end == bytes.Length)
        {
            return true;
        }

        if (end + FileFormat.MarkerSize > bytes.Length)
        {
            return isFinal ? false : null;
        }

        return HasMarker(bytes, end);
    }

    /// <summary>
    /// The first framed record that starts after the first byte and before <paramref name="end"/>; 0 when there is
    /// none, null when not seen far enough.
    /// </summary>
    private long? FramedWithin(in ReadOnlySequence<byte> bytes, long end, bool isFinal)
    {
        long at = Math.Max(1, _noFrameBefore - _position);
        while (at < end && (at = NextMarker(bytes, at, isFinal)) < end)
        {
            bool? framed = IsFramed(bytes, at, isFinal);
            if (framed != false)
            {
                _noFrameBefore = _position + at;
                return framed == true ? at : null;
            }

            at++;
        }

        _noFrameBefore = Math.Max(_noFrameBefore, _position + end);
        return 0;
    }

    /// <summary>
    /// Offset, from <paramref name="from"/> on, of the next marker, or of the end's last bytes where one may have
    /// begun.
    /// </summary>
    private static long NextMarker(in ReadOnlySequence<byte> bytes, long from, bool isFinal)
    {
        SequenceReader<byte> reader = new(bytes.Slice(from));
        while (reader.TryAdvanceTo(FileFormat.Marker[0], advancePastDelimiter: false))
        {
            if (reader.IsNext(FileFormat.Marker, advancePast: false))
            {
                return from + reader.Consumed;
            }

            reader.Advance(1);
        }

        return isFinal ? bytes.Length : Math.Max(from, bytes.Length - FileFormat.MarkerSize + 1);
    }

    private static bool TryReadLength(in ReadOnlySequence<byte> bytes, long at, out int length)
    {
        length = 0;
        if (bytes.Length - at < FileFormat.RecordHeaderSize || !HasMarker(bytes, at))
        {
            return false;
        }

        Span<byte> two = stackalloc byte[2];
        bytes.Slice(at + FileFormat.MarkerSize, 2).CopyTo(two);
        length = BinaryPrimitives.ReadUInt16BigEndian(two);
        return length > 0; // spec 8.2-2
    }

    private static bool HasMarker(in ReadOnlySequence<byte> bytes, long at)
    {
        Span<byte> four = stackalloc byte[FileFormat.MarkerSize];
        bytes.Slice(at, FileFormat.MarkerSize).CopyTo(four);
        return four.SequenceEqual(FileFormat.Marker);
    }
}
