using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

// What is left to do when every message has left.
internal sealed partial class SenderStream
{
    private long _receivedAtAsk = -1;

    /// <summary>Whether whoever queues messages waits for those before them to be delivered.</summary>
    public bool IsPressed { get; set; }

    /// <summary>Whether the receiver was asked what it has of the durable queue: until it has told
    /// (<see cref="Told"/>), a receiver that was killed meanwhile must not stay unnoticed.</summary>
    public bool Asks { get; set; }

    /// <summary>Questions of this stream behind which nothing was heard before the next one.</summary>
    public long VainQuestions { get; private set; }

    private bool AwaitsAnswer => Asks && Told is null;

    private void Drain(Timestamp now)
    {
        if (_isComplete)
        {
            End(now);
            TakeEvents();
        }
        else if (!(IsPressed || AwaitsAnswer) || !_session.IsDrained)
        {
            _askAt = Timestamp.Never;
        }
        else if (_askAt <= now || (IsPressed && (_askAt == Timestamp.Never || _askedAt != Delivered)))
        {
            Ask(); // The receiver tells at once what it delivers (section 4.8).
            (_askedAt, _askAt) = (Delivered, now + _askAfter);
        }
        else if (_askAt == Timestamp.Never)
        {
            _askAt = now + _askAfter; // The answer is on its way, if all is well.
        }
    }

    private void End(Timestamp now)
    {
        if (!_isEndSignalled)
        {
            _session.SignalEnd(NextNumber);
            _isEndSignalled = true;
        }
        else if (_session.IsDrained && !_session.HasReturnPath)
        {
            _session.Close(LinkErrorCode.Closed, now);
        }
        else if (_session.IsDrained && (_askAt == Timestamp.Never || _askAt <= now))
        {
            // The receiver says when it has used everything (spec 4.7-5). It may take long; a question now and then
            // finds out whether it is still there.
            if (_askAt <= now)
            {
                Ask();
            }

            _askAt = now + _askAfter;
        }
    }

    private void Ask()
    {
        long received = _session.Statistics.DatagramsReceived;
        VainQuestions += received == _receivedAtAsk ? 1 : 0;
        _receivedAtAsk = received;
        _session.Ping();
    }
}
