using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Codes the stretches of one job, symbol by symbol, into units; the loop around it steps the model.</summary>
/// <remarks>
/// A message that does not fit behind others is cut where the unit is full. Only a short one is taken back instead, and
/// coded again at the start of the next unit, so that a loss costs it no more than its own segment: nothing else is
/// coded twice.
/// </remarks>
internal sealed class EncoderLane : ILane
{
    // A shorter message is not cut.
    private const int LeastCut = 256;

    // A stretch that has not become smaller by this many bytes is stored: most of an incompressible message costs no
    // prediction.
    private const int StoreAfter = 256;

    // A symbol, END and the end of the code nearly always take no more room than this; where they take more, the
    // stretch is coded again, shorter by ShortenBy.
    private const int EndRoom = 4;
    private const int ShortenBy = 16;

    // With less room than this for a code, the next unit begins.
    private const int LeastRoom = 16;

    private EncoderJob _job = null!;
    private int _piece;
    private int _cursor;
    private int _start; // Where the present frame's part of the present message begins.
    private int _limit; // Where it ends at the latest.
    private bool _goesOn;     // Whether the predictor's lane stands where the unit's code goes on.
    private bool _isAlone;    // Whether the unit began with this message.
    private bool _hasNothing; // Whether the job has nothing left to code.

    private OpenUnit Unit => _job.Unit;

    private MessagePiece Piece => _job.Pieces[_piece];

    private int Used => _cursor - _start;

    /// <summary>Begins a job.</summary>
    public void Begin(EncoderJob job)
    {
        (_job, _piece, _goesOn, _hasNothing) = (job, -1, false, false);
        NextPiece();
    }

    /// <inheritdoc/>
    public void Start(PredictorLanes states, int lane)
    {
        if (!FindPlace())
        {
            _job.End();
            _hasNothing = true;
            return;
        }

        states.AvoidsNetworks = _job.AvoidsNetworks;
        ReadOnlySpan<byte> content = Piece.Message.Content.Span[_cursor..Piece.End];
        if (_goesOn)
        {
            states.ContinueEncode(lane, content, _job.Hint, Unit.Decisions);
        }
        else
        {
            states.BeginEncode(lane, content, _job.Hint, Unit.HasCode ? Unit.State : Unit.Start, Unit.Decisions);
        }

        _goesOn = true;
    }

    /// <inheritdoc/>
    public int Advance(PredictorLanes states, int lane)
    {
        if (_hasNothing)
        {
            return ILane.Done;
        }

        bool atEnd = _cursor == Piece.End;
        int length = Unit.Decisions.MaxLength;
        if (!atEnd && Used >= StoreAfter && length - Unit.AcceptedLength >= Used)
        {
            return StoreRest();
        }

        bool isFull = length > Unit.CodeRoom - EndRoom || _cursor == _limit;
        if (isFull && !atEnd && !_isAlone && (Used == 0 || Piece.Length < LeastCut))
        {
            return TakeBack();
        }

        if (atEnd || isFull)
        {
            states.Encode(lane, Predictor.EndSymbol, Unit.Decisions);
            return End(states, lane);
        }

        int symbol = Piece.Message.Content.Span[_cursor++];
        states.Encode(lane, symbol, Unit.Decisions);
        Unit.Decisions.DropItems();
        return symbol;
    }

    // Opens a frame for what comes next, storing on the way what shows at once that no model shrinks it; false where
    // the job is at its end.
    private bool FindPlace()
    {
        while (_piece < _job.Pieces.Count)
        {
            if (ContentProbe.IsDense(Piece.Message.Content.Span[_cursor..Piece.End]))
            {
                Store();
                continue;
            }

            if (!Unit.IsEmpty && Unit.Room < LeastRoom)
            {
                NextUnit();
            }

            _isAlone = Unit.IsEmpty;
            Unit.Open(Piece.Message.Number, _cursor);
            bool isFull = Unit.CodeRoom - Unit.AcceptedLength < LeastRoom
                || Unit.ContentRoom < Math.Min(Piece.End - _cursor, LeastCut);
            if (!_isAlone && isFull)
            {
                Unit.TakeBack();
                NextUnit();
                continue;
            }

            _start = _cursor;
            _limit = (int)Math.Min(_limit, (long)_cursor + Unit.ContentRoom);
            return true;
        }

        return false;
    }

    private int End(PredictorLanes states, int lane)
    {
        if (!Unit.Fits(Used))
        {
            return _isAlone ? Shorten() : TakeBack();
        }

        bool isLast = _cursor == Piece.Message.Content.Length;
        bool isEnd = _cursor == Piece.End;
        Unit.Accept(Piece.Message.Content[_start.._cursor], isLast);
        SaveState(states, lane, isEnd && _piece == _job.Pieces.Count - 1);
        if (!isLast)
        {
            NextUnit(); // What cuts a message ends its unit.
        }

        _limit = int.MaxValue;
        if (isEnd)
        {
            NextPiece();
        }

        return ILane.Restart;
    }

    private int TakeBack()
    {
        Unit.TakeBack();
        _cursor = _start;
        _limit = int.MaxValue;
        NextUnit();
        return ILane.Restart;
    }

    // The last symbols cost more than was left for them, or the predictor told late what they cost. One byte always
    // fits.
    private int Shorten()
    {
        int share = (int)((long)Used * Unit.CodeRoom / Unit.Decisions.MaxLength);
        _limit = _start + Math.Max(1, Math.Min(Used, share) - ShortenBy);
        Unit.TakeBack();
        _cursor = _start;
        _goesOn = false;
        return ILane.Restart;
    }

    private int StoreRest()
    {
        // What the predictor has learned of it is not sent, so that nothing can go on from there.
        Unit.TakeBack();
        _cursor = _start;
        _limit = int.MaxValue;
        Store();
        if (Unit.HasCode)
        {
            NextUnit();
        }

        _goesOn = false;
        return ILane.Restart;
    }

    private void Store()
    {
        MessagePiece piece = Piece;
        bool isLast = piece.End == piece.Message.Content.Length;
        int stored = Unit.StorePart(
            piece.Message.Number, _cursor, piece.Message.Content[_cursor..piece.End], isLast);
        _cursor += stored;
        if (stored == 0 || !isLast || _cursor < piece.End)
        {
            NextUnit();
        }

        if (_cursor == piece.End)
        {
            NextPiece();
        }
    }

    private void NextPiece()
    {
        _piece++;
        _limit = int.MaxValue;
        _cursor = _piece < _job.Pieces.Count ? Piece.Start : 0;
    }

    private void NextUnit()
    {
        _job.NextUnit();
        _goesOn = false;
    }

    // Whoever goes on from the unit needs what the predictor knows behind the last message that is in it. Copying that
    // takes some time, so it is done where the unit may be full with the next message.
    private void SaveState(PredictorLanes states, int lane, bool isLast)
    {
        bool mayBeFull = 2 * Unit.Decisions.MaxLength > Unit.CodeRoom;
        if (isLast || (Unit.Keep != 0 && (mayBeFull || _job.IsChained)))
        {
            Unit.State ??= _job.RentContext();
            if (Unit.State is not null)
            {
                states.Save(lane, Unit.State);
                Unit.IsStateCurrent = true;
            }
        }
    }
}
