using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Pair;

/// <summary>One end of a link, driven as a session is: told of bytes and of time, asked for bytes and for its next deadline.</summary>
internal interface IEndpoint
{
    /// <summary>When <see cref="OnTimeout"/> is due; <see cref="Timestamp.Never"/> when nothing waits for time to pass.</summary>
    Timestamp NextDeadline { get; }

    /// <summary>A datagram came; the bytes are valid during the call.</summary>
    void OnDatagram(ReadOnlySpan<byte> datagram, Timestamp now);

    /// <summary>Time has reached <see cref="NextDeadline"/>.</summary>
    void OnTimeout(Timestamp now);

    /// <summary>Writes one datagram to send now; <see langword="false"/> when there is none.</summary>
    bool TryTransmit(Span<byte> destination, Timestamp now, out int length);
}
