using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The Refuse datagram: why, and what the responder holds; proved by a Noise K message where both static keys are
/// known.
/// </summary>
/// <remarks>Spec: protocol-spec/02-handshake.md, section 2.3.</remarks>
internal sealed record HandshakeRefusal(LinkErrorCode Code, IReadOnlyList<SnapshotShortId> Holds, bool IsProven)
{
    /// <summary>Most snapshots that a refusal names.</summary>
    internal const int MaxHolds = 8;

    private const int HeaderLength = 4;

    private static readonly NoisePattern K = NoisePattern.Parse("K");

    private static ReadOnlySpan<byte> Name => "LinkCodec refusal"u8;

    /// <summary>Bytes of a refusal at most.</summary>
    internal static int LengthFor(HandshakeOptions options) =>
        HeaderLength + (Math.Min(options.Snapshots.Count, MaxHolds) * SnapshotShortId.Length)
            + (Proves(options) ? K.Overhead(0) : 0);

    /// <summary>The refusal of an Initiate.</summary>
    internal static byte[] Write(HandshakeOptions options, LinkErrorCode code, byte initiatorTag,
        ReadOnlySpan<byte> initiate)
    {
        bool proves = Proves(options);
        int count = Math.Min(options.Snapshots.Count, MaxHolds);
        int clear = HeaderLength + (count * SnapshotShortId.Length);
        byte[] datagram = new byte[clear + (proves ? K.Overhead(0) : 0)];
        datagram[0] = HandshakeDatagram.Refuse;
        datagram[1] = initiatorTag;
        datagram[2] = (byte)code;
        datagram[3] = (byte)count;
        for (int i = 0; i < count; i++)
        {
            options.Snapshots[i].ShortId.Write(datagram.AsSpan(HeaderLength + (i * SnapshotShortId.Length)));
        }

        if (proves) // spec 2.3-2
        {
            using HandshakeState proof = Proof(options, initiator: true, datagram.AsSpan(0, clear), initiate);
            if (!proof.TryWriteMessage(default, datagram.AsSpan(clear)))
            {
                return datagram[..clear]; // The peer's configured key is of low order: nothing can be proved with it.
            }
        }

        return datagram;
    }

    /// <summary>
    /// Reads a refusal of <paramref name="initiate"/>; null when it is malformed, forged or of another Initiate.
    /// </summary>
    internal static HandshakeRefusal? Read(HandshakeOptions options, ReadOnlySpan<byte> datagram,
        ReadOnlySpan<byte> initiate)
    {
        if (datagram.Length < HeaderLength || datagram[0] != HandshakeDatagram.Refuse || datagram[1] != initiate[2]
            || datagram[3] > MaxHolds)
        {
            return null;
        }

        LinkErrorCode code = (LinkErrorCode)datagram[2];
        int clear = HeaderLength + (datagram[3] * SnapshotShortId.Length);
        bool claimsProof = datagram.Length == clear + K.Overhead(0);
        if (code is not (LinkErrorCode.VersionMismatch or LinkErrorCode.SnapshotMismatch
            or LinkErrorCode.NumericsMismatch)
            || (!claimsProof && datagram.Length != clear))
        {
            return null;
        }

        if (claimsProof)
        {
            if (options is not { StaticKey: not null, PeerKey: not null })
            {
                return null;
            }

            using HandshakeState proof = Proof(options, initiator: false, datagram[..clear], initiate);
            if (!proof.TryReadMessage(datagram[clear..], default)) // spec 2.3-3
            {
                return null;
            }
        }
        else if (options.Pattern is HandshakePattern.KK or HandshakePattern.KKpsk0)
        {
            return null; // The responder knows this side's key, so it would have proved it.
        }

        SnapshotShortId[] holds = new SnapshotShortId[datagram[3]];
        for (int i = 0; i < holds.Length; i++)
        {
            holds[i] = SnapshotShortId.Read(datagram[(HeaderLength + (i * SnapshotShortId.Length))..]);
        }

        return new HandshakeRefusal(code, holds, claimsProof);
    }

    private static bool Proves(HandshakeOptions options) => options is { StaticKey: not null, PeerKey: not null };

    private static HandshakeState Proof(HandshakeOptions options, bool initiator, ReadOnlySpan<byte> clear,
        ReadOnlySpan<byte> initiate)
    {
        Span<byte> prologue = stackalloc byte[Name.Length + clear.Length + DatagramHash.Length];
        Name.CopyTo(prologue);
        clear.CopyTo(prologue[Name.Length..]);
        DatagramHash.Compute(initiate, prologue[^DatagramHash.Length..]);
        return new HandshakeState(K, options.Hash, initiator, prologue, options.StaticKey, options.PeerKey, default,
            options.RandomSource);
    }
}
