using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

// What is left to do when every message has left.
internal sealed partial class SenderStream
{
    /// <summary>Whether whoever queues messages waits for those before them to be delivered.</summary>
    public bool IsPressed { get; set; }

    private void Drain(Timestamp now)
    {
        if (_isComplete)
        {
            End(now);
            TakeEvents();
        }
        else if (!IsPressed || !_session.IsDrained)
        {
            _askAt = Timestamp.Never;
        }
        else if (_askAt == Timestamp.Never || _askAt <= now || _askedAt != Delivered)
        {
            _session.Ping(); // The receiver tells at once what it delivers (section 4.8).
            (_askedAt, _askAt) = (Delivered, now + _askAfter);
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
                _session.Ping();
            }

            _askAt = now + _askAfter;
        }
    }
}
