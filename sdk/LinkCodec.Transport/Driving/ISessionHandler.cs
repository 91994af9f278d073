using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>What stands above a session: it has units to send, or takes those that come. Called by one driver, never at the same time.</summary>
public interface ISessionHandler
{
    /// <summary>Whether <see cref="OnEvent"/> may be called: false holds the peer back until <see cref="LinkDriver.Wake"/>.</summary>
    bool CanTakeEvents { get; }

    /// <summary>When <see cref="Pump"/> is due though nothing happened; <see cref="Timestamp.Never"/> for never.</summary>
    Timestamp NextDeadline { get; }

    /// <summary>Gives the session what there is to send. Called often: it must be quick when nothing changed, and must not wait.</summary>
    void Pump(LiveSession session, Timestamp now);

    /// <summary>Takes an event and owns what it holds.</summary>
    void OnEvent(in SessionEvent e);

    /// <summary>
    /// The peer has lost this session: it has shown the keys of another one while nothing is heard in this one, or said that it does not
    /// know it. The handler closes it.
    /// </summary>
    /// <returns>Whether the peer's other session, if there is one, is to take its place.</returns>
    bool OnPeerRestart(LiveSession session, Timestamp now);

    /// <summary>The link has an end, as files do, and it was reached.</summary>
    void OnLinkEnd();
}
