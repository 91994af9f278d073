using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>The sending side of a link with no return channel: one datagram, then segments.</summary>
/// <remarks>
/// Spec: protocol-spec/02-handshake.md, section 2.6. Nobody answers, so send the datagram as often as the link's losses
/// ask for; the receiver takes it once.
/// </remarks>
internal sealed class OneWaySender
{
    private readonly byte[] _datagram;

    private OneWaySender(byte[] datagram, EstablishedKeys keys) => (_datagram, Keys) = (datagram, keys);

    /// <summary>The OneWay datagram.</summary>
    public ReadOnlySpan<byte> Datagram => _datagram;

    /// <summary>The keys, for a sealer alone; the caller disposes them.</summary>
    public EstablishedKeys Keys { get; }

    /// <summary>Makes the datagram and the keys, with the first snapshot of the options.</summary>
    /// <exception cref="ArgumentException">The options lack a key, have another pattern than K, or the peer's key is of
    /// low order.</exception>
    public static OneWaySender Start(HandshakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(initiator: true, oneWay: true);
        byte tag = options.NewTag();
        byte[] datagram = new byte[HandshakeDatagram.InitiateLength(options.NoisePattern)];
        HandshakeDatagram.WriteInitiateHeader(datagram, HandshakeDatagram.OneWay, options.Pattern, tag,
            options.Snapshots[0].ShortId);
        using HandshakeState handshake = options.Begin(initiator: true, options.Snapshots[0], datagram);
        if (!handshake.TryWriteMessage(default, datagram.AsSpan(HandshakeDatagram.InitiateHeaderLength)))
        {
            throw new ArgumentException(
                $"{nameof(HandshakeOptions.PeerKey)} is of low order: no secret can be shared with it.",
                nameof(options));
        }

        return new OneWaySender(datagram,
            new EstablishedKeys(handshake, options.Snapshots[0], 0, tag, tag, isConfirmed: false));
    }
}
