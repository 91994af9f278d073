using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>The receiving side of a link with no return channel.</summary>
/// <remarks>
/// <para>Spec: protocol-spec/02-handshake.md, section 2.6. Takes keys from each OneWay datagram once, as far as it
/// remembers: the latest 4,096. A driver that must not take a recording after a restart keeps the
/// <see cref="EstablishedKeys.HandshakeHash"/> of what it took.</para>
/// <para>Not thread-safe. Cost: two Diffie-Hellman agreements for a datagram at most.</para>
/// </remarks>
internal sealed class OneWayReceiver
{
    private const int Remembered = 4096;
    private readonly HandshakeOptions _options;
    private readonly NoisePattern _pattern;
    private readonly HandshakeReplies _taken = new(Remembered);

    /// <summary>Receives with these options.</summary>
    /// <param name="options">The options of the handshake; kept, so that their keys must live as long as this
    /// object.</param>
    /// <exception cref="ArgumentException">The options lack a key, or have another pattern than K.</exception>
    public OneWayReceiver(HandshakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(initiator: false, oneWay: true);
        _options = options;
        _pattern = options.NoisePattern;
    }

    /// <summary>The number of datagrams that were refused: forged, damaged or not for this handshake.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>
    /// The number of refused datagrams that were handshakes all the same: under other keys, or for a link that answers.
    /// </summary>
    public long MisfitCount { get; private set; }

    /// <summary>
    /// Reads the snapshot that a OneWay datagram names, so that it can be offered. It is not authentic: it only chooses
    /// among what is trusted.
    /// </summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <param name="id">The snapshot, when true.</param>
    public static bool TryReadSnapshot(ReadOnlySpan<byte> datagram, out SnapshotShortId id) =>
        HandshakeDatagram.TryReadInitiateHeader(datagram, HandshakeDatagram.OneWay, out byte version, out _,
            out _, out id)
        && version == HandshakeDatagram.Version;

    /// <summary>Takes a datagram.</summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <param name="outcome">At <see cref="HandshakeStatus.Established"/> the keys, for an opener alone, which the
    /// caller disposes; at <see cref="HandshakeStatus.Refused"/> which snapshot is missing, as the datagram says: it is
    /// not authentic.</param>
    public HandshakeStatus OnDatagram(ReadOnlySpan<byte> datagram, out HandshakeOutcome? outcome)
    {
        HandshakeStatus status = Take(datagram, out outcome);
        if (status == HandshakeStatus.Ignored)
        {
            RejectedCount++; // spec 2.4-1
            MisfitCount += HandshakeDatagram.IsOpening(datagram) ? 1 : 0;
        }

        return status;
    }

    private HandshakeStatus Take(ReadOnlySpan<byte> datagram, out HandshakeOutcome? outcome)
    {
        outcome = null;
        if (datagram.Length > HandshakeDatagram.MaxLength
            || !HandshakeDatagram.TryReadInitiateHeader(
                datagram, HandshakeDatagram.OneWay, out byte version, out HandshakePattern pattern, out byte tag,
                out SnapshotShortId id))
        {
            return HandshakeStatus.Ignored;
        }

        if (version != HandshakeDatagram.Version)
        {
            return Refused(LinkErrorCode.VersionMismatch, id, out outcome);
        }

        if (pattern != _options.Pattern || datagram.Length != HandshakeDatagram.InitiateLength(_pattern))
        {
            return HandshakeStatus.Ignored; // spec 2.1-1
        }

        if (_taken.Find(datagram) is not null) // spec 2.6-1
        {
            return HandshakeStatus.Duplicate;
        }

        bool holdsIt = false;
        bool holdsName = false;
        for (int i = 0; i < _options.Snapshots.Count; i++)
        {
            SnapshotOffer offer = _options.Snapshots[i];
            holdsName |= offer.ShortId.Name == id.Name;
            if (offer.ShortId == id)
            {
                holdsIt = true;
                using HandshakeState handshake = _options.Begin(initiator: false, offer, datagram);
                if (handshake.TryReadMessage(datagram[HandshakeDatagram.InitiateHeaderLength..], default))
                {
                    _taken.Add(datagram, new HandshakeReply());
                    outcome = new EstablishedKeys(handshake, offer, i, tag, tag, isConfirmed: false);
                    return HandshakeStatus.Established;
                }
            }
        }

        return holdsIt
            ? HandshakeStatus.Ignored
            : Refused(holdsName ? LinkErrorCode.NumericsMismatch : LinkErrorCode.SnapshotMismatch, id, out outcome);
    }

    private HandshakeStatus Refused(LinkErrorCode code, SnapshotShortId offered, out HandshakeOutcome outcome)
    {
        outcome = HandshakeFailure.Mismatch(code, [offered], [.. _options.Snapshots.Select(s => s.ShortId)],
            isProven: false);
        return HandshakeStatus.Refused;
    }
}
