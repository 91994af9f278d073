using LinkCodec.Core.Session;

namespace LinkCodec.Core.Endpoint;

/// <summary>Control maps that wait to be sent: each leaves when the one before it has been reported.</summary>
internal sealed class ControlQueue(LiveSession session)
{
    private readonly Queue<byte[]> _waiting = new();
    private bool _isUnderWay;

    /// <summary>
    /// Whether no map is on its way: the other end has reported all, or they have left where nobody answers.
    /// </summary>
    public bool IsIdle => _waiting.Count == 0 && !_isUnderWay;

    /// <summary>Adds a map.</summary>
    public void Add(byte[] map) => _waiting.Enqueue(map);

    /// <summary>Gives the session the next map, if it takes one.</summary>
    public void Pump()
    {
        if (!session.CanSendControl)
        {
            return;
        }

        _isUnderWay = _waiting.TryDequeue(out byte[]? map);
        if (_isUnderWay)
        {
            session.SendControl(map);
        }
    }
}
