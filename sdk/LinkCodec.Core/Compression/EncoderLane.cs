using LinkCodec.Core.Coding;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>A stretch of a message that one lane codes: the whole message, or a block of a large one.</summary>
internal readonly record struct EncoderJob(int Message, int Start, int End, bool IsWhole);

/// <summary>Codes one job, symbol by symbol; the batch around it feeds it the model's weights.</summary>
internal sealed class EncoderLane(FrequencyQuantiser quantiser, int maxUnitSize) : ILane
{
    // A piece that has not become smaller by this many bytes is stored: most of an incompressible file costs no prediction.
    private const int StoreAfter = 256;

    // END costs at most 24 bits, and ending the code one byte.
    private const int EndRoom = 4;

    private readonly RangeEncoder _encoder = new();
    private readonly List<EncodedPart> _parts = [];
    private Interval[] _intervals = new Interval[1024];
    private int _count;
    private ReadOnlyMemory<byte> _content;
    private int _pieceStart;
    private int _cursor;
    private int _partRoom;

    public EncoderJob Job { get; private set; }

    /// <summary>What the job became, once <see cref="Advance"/> said so: the intervals of a small message, or null if it is stored or in parts.</summary>
    public Interval[]? Intervals { get; private set; }

    /// <summary>Bytes of a whole message's code alone, or of the message if it is stored.</summary>
    public int CodedLength { get; private set; }

    public IReadOnlyList<EncodedPart> Parts => _parts;

    public void Begin(EncoderJob job, ulong number, ReadOnlyMemory<byte> content)
    {
        (Job, _content, Intervals) = (job, content, null);
        _parts.Clear();
        _cursor = job.Start;
        _partRoom = maxUnitSize - DataFrameWriter.HeaderLength(DataFrameKind.CodedPart, number, (ulong)job.End);
        BeginPiece();
    }

    /// <summary>Codes the next symbol with its weights.</summary>
    /// <param name="weights">Of every symbol, after those before it in this piece.</param>
    /// <returns>The byte coded; <see cref="ILane.Restart"/> when a new piece starts from the start state; <see cref="ILane.Done"/>.</returns>
    public int Advance(ReadOnlySpan<uint> weights)
    {
        quantiser.Load(weights);
        int used = _cursor - _pieceStart;
        bool atEnd = _cursor == Job.End;
        bool full = _encoder.MaxLength > _partRoom - EndRoom || used == CompressionLimits.FrameContent;
        if (!atEnd && used >= StoreAfter && _encoder.MaxLength >= used)
        {
            return StorePiece();
        }

        if (atEnd || full)
        {
            return EndPiece();
        }

        int symbol = _content.Span[_cursor++];
        Code(symbol);
        return symbol;
    }

    private int EndPiece()
    {
        Code(Predictor.EndSymbol);
        int used = _cursor - _pieceStart;
        ReadOnlySpan<byte> code = _encoder.Finish();
        bool whole = Job.IsWhole && _parts.Count == 0 && _cursor == Job.End;
        // A whole message may cost a byte over raw: beside others it shares that byte, and stored it would need a frame of its own.
        if (code.Length > used + (whole ? 1 : -1))
        {
            return StorePiece();
        }

        if (whole)
        {
            Intervals = _intervals.AsSpan(0, _count).ToArray();
            CodedLength = code.Length;
            return ILane.Done;
        }

        _parts.Add(new EncodedPart(_pieceStart, used, IsStored: false, code.ToArray()));
        return NextPiece();
    }

    private int StorePiece()
    {
        int length = Math.Min(Job.End - _pieceStart, _partRoom);
        _cursor = _pieceStart + length;
        if (Job.IsWhole && _parts.Count == 0 && _cursor == Job.End)
        {
            CodedLength = length;
            return ILane.Done; // Neither intervals nor parts: stored whole.
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

        BeginPiece();
        return ILane.Restart;
    }

    private void BeginPiece()
    {
        _pieceStart = _cursor;
        _count = 0;
        _encoder.Reset();
    }

    private void Code(int symbol)
    {
        (uint cumulative, uint frequency) = quantiser.Interval(symbol);
        _encoder.Encode(cumulative, frequency, quantiser.Bits);
        if (_count == _intervals.Length)
        {
            Array.Resize(ref _intervals, _count * 2);
        }

        _intervals[_count++] = new Interval(cumulative, frequency);
    }
}
