using LinkCodec.Core.Primitives;
using LinkCodec.Core.Telemetry;

namespace LinkCodec.Core.Session;

public sealed partial class LiveSession
{
    private const int ProbesWithData = 2;
    private const int OneWayEndSends = 3;

    private Timestamp _lastQuestionAt;
    private int _probesInARow;
    private bool _pingPending;
    private EndState _endState;
    private ulong _endTotal;
    private int _endSendsLeft;
    private Timestamp _endAgainAt = Timestamp.Never;
    private ControlState _controlState;
    private byte[] _control = [];
    private int _controlNumber;

    private enum EndState : byte
    {
        None,
        Pending,
        UnderWay,
        Done,
    }

    private enum ControlState : byte
    {
        None,
        Pending,
        UnderWay,
    }

    /// <summary>When to call <see cref="OnTimeout"/> or <see cref="TryTransmit"/> next at the latest; <see cref="Timestamp.Never"/> when only a datagram or a call can change anything.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            if (IsClosed)
            {
                return _closesToSend > 0 ? _pacer.ReadyAt : Timestamp.Min(_closeAgainAt, LingersUntil);
            }

            bool hasSomethingToSend = _pingPending || _controlState == ControlState.Pending
                || _endState == EndState.Pending || _window.TryPeek(out _, out _, out _);
            Timestamp send = hasSomethingToSend ? Timestamp.Min(_pacer.ReadyAt, _reports.DueAt) : _reports.DueAt;
            Timestamp timers = Timestamp.Min(Timestamp.Min(_lossAt, ProbeAt), Timestamp.Min(_endAgainAt, IdleAt));
            return Timestamp.Min(Timestamp.Max(send, _pacer.ReadyAt), timers);
        }
    }

    private Timestamp IdleAt => _options.HasReturnPath ? _lastHeard + _options.IdleTimeout : Timestamp.Never;

    /// <summary>When silence calls for a probe: a time-out after the last question, a quarter longer with every probe in vain, to a bound.</summary>
    /// <remarks>A quarter: the first probe after an outage comes when a fifth more than the outage has passed, and ninety minutes cost some 560 probes.</remarks>
    private Timestamp ProbeAt
    {
        get
        {
            if (_sent.AnsweredFor == 0)
            {
                return Timestamp.Never;
            }

            TimeSpan wait = _roundTrip.ProbeTimeout;
            TimeSpan longest = _roundTrip.MaxProbeTimeout;
            for (int i = 0; i < _probesInARow && wait < longest; i++)
            {
                wait += wait / 4;
            }

            // spec 4.5-6
            return _lastQuestionAt + (wait < longest ? wait : longest);
        }
    }

    /// <summary>Does what is due at <paramref name="now"/>; nothing when nothing is.</summary>
    public void OnTimeout(Timestamp now)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (IsClosed)
        {
            OnTimeoutAfterClose(now);
            return;
        }

        if (IdleAt <= now)
        {
            CloseWith(LinkErrorCode.TimedOut, "Nothing was heard from the peer.", byPeer: false, tellPeer: false, now);
            return;
        }

        if (_lossAt <= now)
        {
            DetectLosses(now);
        }

        if (_endAgainAt <= now)
        {
            _endAgainAt = Timestamp.Never;
            _endState = EndState.Pending;
        }

        if (ProbeAt <= now)
        {
            Probe(now);
        }
    }

    private void Probe(Timestamp now)
    {
        _probesInARow++;
        _statistics.ProbesSent++;
        Tell(LinkEventKind.ProbeSent, now, (ulong)_probesInARow);
        _lastQuestionAt = now;
        _pingPending = true;
        if (_probesInARow > ProbesWithData)
        {
            return; // A dead path gets 22 bytes at a time, not units.
        }

        _window.TryRepeatOldest();
        _endState = _endState == EndState.UnderWay ? EndState.Pending : _endState;
        _controlState = _controlState == ControlState.UnderWay ? ControlState.Pending : _controlState;
    }

    private void OnEndSent(Timestamp now)
    {
        if (_options.HasReturnPath)
        {
            _endState = EndState.UnderWay;
            return;
        }

        // spec 4.7-1: nobody will say whether it came.
        _endSendsLeft--;
        _endState = _endSendsLeft > 0 ? EndState.UnderWay : EndState.Done;
        _endAgainAt = _endSendsLeft > 0 ? now + _options.OneWayDelay + _options.ReportDelay : Timestamp.Never;
    }
}
