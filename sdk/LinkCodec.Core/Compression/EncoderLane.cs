using LinkCodec.Core.Coding;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>A stretch of a message that one lane codes: the whole message, or a block of a large one.</summary>
internal readonly record struct EncoderJob(int Message, int Start, int End, bool IsWhole);

/// <summary>Codes one job, symbol by symbol; the loop around it steps the model.</summary>
internal sealed class EncoderLane(int frequencyBits, int maxUnitSize) : ILane
{
    // A piece that has not become smaller by this many bytes is stored: most of an incompressible file costs no
    // prediction.
    private const int StoreAfter = 256;

    // A symbol, END and the end of the code nearly always take no more room than this; where they take more, the piece
    // is coded again, shorter by ShortenBy.
    private const int EndRoom = 4;
    private const int ShortenBy = 16;

    private readonly DecisionList _decisions = new(frequencyBits);
    private readonly List<EncodedPart> _parts = [];
    private ReadOnlyMemory<byte> _content;
    private ContentHint _hint;
    private StreamContext? _context;
    private long _information;
    private int _codeLength;
    private int _pieceStart;
    private int _pieceLimit;
    private int _cursor;
    private int _partRoom;
    private int _wholeRoom;

    // A message that is not cut into parts leaves its decisions here, or null where it is stored.
    private Decision[]? _whole;

    // The header of a stored part is shorter than that of a coded one by so many bytes.
    private int _headerGain;

    public EncoderJob Job { get; private set; }

    /// <summary>The parts that the job became, once <see cref="Advance"/> said so; none where it is a message that is
    /// not cut into parts.</summary>
    public IReadOnlyList<EncodedPart> Parts => _parts;

    public void Begin(
        EncoderJob job,
        ulong number,
        ReadOnlyMemory<byte> content,
        ContentHint hint,
        StreamContext? context,
        ulong start)
    {
        (Job, _content, _hint, _context, _whole) = (job, content, hint, context, null);
        _parts.Clear();
        _cursor = job.Start;
        ulong end = (ulong)job.End;
        _partRoom = maxUnitSize - DataFrameWriter.HeaderLength(DataFrameKind.CodedPart, number, end, start: start);
        _wholeRoom = maxUnitSize - DataFrameWriter.HeaderLength(DataFrameKind.Coded, number, start: start);
        _headerGain = maxUnitSize - _partRoom - DataFrameWriter.HeaderLength(DataFrameKind.StoredPart, number, end);
        BeginPiece(int.MaxValue);
    }

    /// <summary>The message that the job became, where it has no parts.</summary>
    public EncodedMessage Whole(OutgoingMessage source, ulong start) => _whole is null
        ? new EncodedMessage(source, source.Content.Length, null, null, start)
        : new EncodedMessage(source, Math.Min(_codeLength, source.Content.Length), _whole, null, start)
        {
            Information = _information,
            CodeLength = _codeLength,
        };

    /// <inheritdoc/>
    public void Start(PredictorLanes states, int lane) =>
        states.BeginEncode(lane, _content.Span[_cursor..Job.End], _hint, _context, _decisions);

    /// <inheritdoc/>
    public int Advance(PredictorLanes states, int lane)
    {
        int used = _cursor - _pieceStart;
        bool atEnd = _cursor == Job.End;
        bool full = _decisions.MaxLength > _partRoom - EndRoom || used == _pieceLimit;
        if (!atEnd && used >= StoreAfter && _decisions.MaxLength >= used)
        {
            return StorePiece();
        }

        if (atEnd || full)
        {
            states.Encode(lane, Predictor.EndSymbol, _decisions);
            return EndPiece();
        }

        int symbol = _content.Span[_cursor++];
        states.Encode(lane, symbol, _decisions);
        return symbol;
    }

    private int EndPiece()
    {
        int used = _cursor - _pieceStart;
        bool whole = Job.IsWhole && _parts.Count == 0 && _cursor == Job.End;
        bool fits = _decisions.MaxLength <= (whole ? _wholeRoom : _partRoom);
        _information = _decisions.Information;
        ReadOnlySpan<byte> code = _decisions.Finish();
        int length = Math.Max(code.Length, CompressionLimits.Payload(used, 1));

        // A whole message that fits keeps its decisions, whatever they cost: the packer knows what is beside it, and
        // chooses.
        if ((!whole || !fits) && length + _headerGain >= used)
        {
            return StorePiece();
        }

        if (!fits && (whole || code.Length > _partRoom))
        {
            // The last symbols cost more than was left for them, or the predictor told late what they cost. One byte
            // always fits.
            _cursor = _pieceStart;
            int share = (int)((long)used * _partRoom / code.Length);
            BeginPiece(Math.Max(1, Math.Min(used, share) - ShortenBy));
            return ILane.Restart;
        }

        if (whole)
        {
            (_whole, _codeLength) = (_decisions.Items.ToArray(), code.Length);
            return ILane.Done;
        }

        byte[] payload = new byte[length];
        code.CopyTo(payload); // spec 5.4-6: zeros behind a code change nothing.
        _parts.Add(new EncodedPart(_pieceStart, used, IsStored: false, payload));
        return NextPiece();
    }

    private int StorePiece()
    {
        int length = Math.Min(Job.End - _pieceStart, _partRoom);
        _cursor = _pieceStart + length;
        if (Job.IsWhole && _parts.Count == 0 && _cursor == Job.End)
        {
            return ILane.Done; // A message with neither decisions nor parts is stored whole.
        }

        _parts.Add(new EncodedPart(_pieceStart, length, IsStored: true, _content.Slice(_pieceStart, length)));
        return NextPiece();
    }

    private int NextPiece()
    {
        if (_cursor == Job.End)
        {
            return ILane.Done;
        }

        BeginPiece(int.MaxValue);
        return ILane.Restart;
    }

    private void BeginPiece(int limit)
    {
        _pieceStart = _cursor;
        _pieceLimit = Math.Min(limit, CompressionLimits.Content(_partRoom, 1)); // spec 5.4-5
        _decisions.Clear();
    }
}
