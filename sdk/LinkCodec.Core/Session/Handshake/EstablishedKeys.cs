using System.Buffers;
using LinkCodec.Core.Security;
using NSec.Cryptography;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>The result of a completed handshake: the keys of both directions and what both sides agreed on.</summary>
/// <remarks>
/// Spec: protocol-spec/02-handshake.md. Owns its keys until <see cref="CreateSealer"/> and <see cref="CreateOpener"/>
/// hand them on; the rest is erased on dispose. Not thread-safe.
/// </remarks>
internal sealed class EstablishedKeys : HandshakeOutcome, IDisposable
{
    private readonly byte[] _handshakeHash;
    private CipherState? _send;
    private CipherState? _receive;
    private readonly SecretBuffer _resumption = new(ResumptionSecret.Length);

    internal EstablishedKeys(HandshakeState handshake, SnapshotOffer snapshot, int snapshotIndex, byte localTag,
        byte remoteTag, bool isConfirmed)
    {
        (_send, _receive) = handshake.Split();
        _handshakeHash = handshake.HandshakeHash.ToArray();
        handshake.WriteResumptionSecret(_resumption.Span);
        RemoteStaticKey = handshake.RemoteStatic;
        (Snapshot, SnapshotIndex, LocalTag, RemoteTag, IsConfirmed) = (snapshot, snapshotIndex, localTag,
            remoteTag, isConfirmed);
    }

    /// <summary>Whether a sealer can be had: false at the receiving end of a one-way link, and once it was.</summary>
    public bool CanSend => _send is not null;

    /// <summary>Whether an opener can be had: false at the sending end of a one-way link, and once it was.</summary>
    public bool CanReceive => _receive is not null;

    /// <summary>The snapshot that both sides agreed on.</summary>
    public SnapshotOffer Snapshot { get; }

    /// <summary>The snapshot's place in <see cref="HandshakeOptions.Snapshots"/>.</summary>
    public int SnapshotIndex { get; }

    /// <summary>The tag on the segments that this side receives, 0 to 127.</summary>
    public byte LocalTag { get; }

    /// <summary>The tag on the segments that this side sends, 0 to 127.</summary>
    public byte RemoteTag { get; }

    /// <summary>The peer's static key, or null where the pattern has none.</summary>
    public PublicKey? RemoteStaticKey { get; }

    /// <summary>
    /// The transcript's hash, 64 or 32 bytes: equal on both sides, different for every handshake; not secret.
    /// </summary>
    public ReadOnlySpan<byte> HandshakeHash => _handshakeHash;

    /// <summary>
    /// Whether the peer proved to be there now. False at a responder that has only read an Initiate, and at a one-way
    /// receiver: the datagram may be a replay of an old one, so a live session must not be given up for these keys
    /// before a segment was opened under them.
    /// </summary>
    public bool IsConfirmed { get; } // spec 2.5-3

    /// <summary>
    /// Whether the responder said that it is in a session whose initiator has the tag of this handshake's Initiate.
    /// </summary>
    /// <remarks>
    /// With it a sender whose segments stay unanswered learns whether its receiver has their session:
    /// <see cref="HandshakeInitiator.CreateInquiry"/>.
    /// </remarks>
    public bool PeerKnowsSession { get; init; }

    /// <summary>Whether this side is the initiator, which goes on to new keys, and the other one follows.</summary>
    public bool IsInitiator { get; init; }

    /// <summary>Initiator: whether the responder knows the secret that was resumed by, and opens early
    /// segments.</summary>
    public bool TakesEarly { get; init; }

    /// <summary>Responder: the key of early segments; null where the session is not resumed, and once it was
    /// taken.</summary>
    public EarlyKeys? Early { get; init; }

    /// <summary>Responder: the number of the secret that the session is resumed by.</summary>
    public ulong ResumptionId { get; init; }

    /// <summary>Responder: what it remembers of its answer.</summary>
    internal HandshakeReply? Reply { get; init; }

    /// <summary>The secret by which a later session of the same two ends may resume this one; the caller disposes
    /// it.</summary>
    public ResumptionSecret CreateResumption() => new(_resumption.Span);

    /// <summary>
    /// Whether a datagram is one of the first segments of this session: only the peer can have sealed it. Changes
    /// nothing.
    /// </summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    public bool Opens(ReadOnlySpan<byte> datagram) =>
        Opens(_receive, LocalTag, datagram) || Early?.Opens(datagram) == true;

    internal static bool Opens(CipherState? cipher, byte ownTag, ReadOnlySpan<byte> datagram)
    {
        if (cipher is null
            || !SegmentHeader.TryRead(datagram, out byte tag, out uint low)
            || tag != ownTag
            || !SegmentHeader.TryReconstruct(low, next: 0, out ulong counter)
            || SegmentHeader.EpochOf(counter) != 0)
        {
            return false;
        }

        byte[] plaintext = ArrayPool<byte>.Shared.Rent(datagram.Length);
        bool opens = cipher.TryOpen(
            counter, datagram[..SegmentHeader.Length], datagram[SegmentHeader.Length..],
            plaintext.AsSpan(0, datagram.Length - SegmentSealer.Overhead));
        ArrayPool<byte>.Shared.Return(plaintext, clearArray: true);
        return opens;
    }

    /// <summary>The sealer for the segments to the peer; the caller disposes it.</summary>
    /// <param name="firstCounter">First counter to use.</param>
    /// <exception cref="InvalidOperationException">There is none, or it was taken.</exception>
    public SegmentSealer CreateSealer(ulong firstCounter = 0) => new(Take(ref _send), RemoteTag, firstCounter);

    /// <summary>The opener for the segments from the peer; the caller disposes it.</summary>
    /// <param name="firstCounter">Counters below this one are refused.</param>
    /// <exception cref="InvalidOperationException">There is none, or it was taken.</exception>
    public SegmentOpener CreateOpener(ulong firstCounter = 0) => new(Take(ref _receive), LocalTag, firstCounter);

    /// <summary>Erases the keys that were not handed on.</summary>
    public void Dispose()
    {
        _send?.Dispose();
        _receive?.Dispose();
        _send = _receive = null;
        Early?.Dispose();
        _resumption.Dispose();
    }

    private static CipherState Take(ref CipherState? cipher)
    {
        CipherState taken = cipher
            ?? throw new InvalidOperationException("There is no key for this direction, or it was taken.");
        cipher = null;
        return taken;
    }
}
