using LinkCodec.Core.Primitives;
using LinkCodec.Core.Telemetry;

namespace LinkCodec.Core.Session;

public sealed partial class LiveSession
{
    /// <summary>Bytes of the longest datagram that <see cref="TryTransmit"/> writes.</summary>
    public int MaxDatagramSize => _options.MaxDatagramSize;

    /// <summary>Units that wait to be sent for the first time: enqueue the next when few do, so that as much as possible shares it.</summary>
    public long UnitsWaiting => _window.NewCount;

    /// <summary>Sends a PING as soon as it can, alone or with a unit: it shows the peer that this end has the keys, and measures the round trip.</summary>
    public void Ping() => _pingPending = _options.HasReturnPath && !IsClosed;

    /// <summary>Starts a session.</summary>
    /// <param name="options">What the link is like; the same at both ends but for the rate.</param>
    /// <param name="keys">What the handshake left; its keys are taken.</param>
    /// <param name="now">The present.</param>
    /// <param name="sink">Takes telemetry, or null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static LiveSession Create(SessionOptions options, EstablishedKeys keys, Timestamp now, ILinkEventSink? sink = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(keys);
        return new LiveSession(options, new KeyedProtector(keys), now, sink);
    }
}
