using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// How fast a receiver decodes what models code, measured as it goes, and told to the sender in a CONTROL, so that a
/// slow receiver is not drowned. Spec: protocol-spec/04-frames.md, section 4.2.
/// </summary>
internal sealed class DecodingSpeed
{
    private const int Key = 4;

    // A speed is told once so many message bytes were measured, and again where it has changed by such a factor.
    private const long LeastBytes = 16 << 10;
    private const double Change = 1.5;

    // Of what was measured, this share stays with each batch.
    private const double Kept = 0.7;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private double _bytes;
    private double _seconds;
    private long _measured;
    private double _told;
    private Timestamp _toldAt;

    /// <summary>A batch was decoded.</summary>
    /// <param name="messageBytes">Bytes of messages that a model has predicted.</param>
    /// <param name="seconds">The time that it took.</param>
    public void OnDecoded(long messageBytes, double seconds)
    {
        if (messageBytes > 0 && seconds > 0)
        {
            _bytes = (Kept * _bytes) + messageBytes;
            _seconds = (Kept * _seconds) + seconds;
            _measured += messageBytes;
        }
    }

    /// <summary>The map to tell now; null while there is nothing new to say.</summary>
    public byte[]? Tell(Timestamp now)
    {
        if (_measured < LeastBytes || (_told > 0 && now - _toldAt < Pause))
        {
            return null;
        }

        double speed = Math.Max(1, _bytes / _seconds);
        if (speed < _told * Change && speed > _told / Change)
        {
            return null;
        }

        (_told, _toldAt) = (speed, now);
        return ControlMap.Write((Key, (ulong)speed));
    }

    /// <summary>Reads what a receiver has told, in message bytes a second; null for nothing. Peer bytes: never
    /// throws.</summary>
    public static double? Read(byte[] map) =>
        ControlMap.Read(map)?.TryGetValue(Key, out ulong speed) == true && speed > 0 ? speed : null;
}
