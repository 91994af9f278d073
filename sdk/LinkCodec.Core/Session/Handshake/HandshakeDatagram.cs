using System.Buffers.Binary;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>The clear bytes of the handshake's datagrams and its prologue.</summary>
/// <remarks>Spec: protocol-spec/02-handshake.md, sections 2.1 and 2.2.</remarks>
internal static class HandshakeDatagram
{
    internal const byte Initiate = 1;
    internal const byte Respond = 2;
    internal const byte Finish = 3;
    internal const byte OneWay = 4;
    internal const byte Refuse = 5;
    internal const byte Resume = 6;

    /// <summary>The version of the protocol.</summary>
    internal const byte Version = 2;

    /// <summary>Clear bytes of Initiate and OneWay; a Resume has the number of a secret behind them.</summary>
    internal const int InitiateHeaderLength = 3 + SnapshotShortId.Length;

    /// <summary>Clear bytes of Respond and Finish: kind and the receiver's tag.</summary>
    internal const int ReplyHeaderLength = 2;

    /// <summary>Payload of message 2: the responder's tag, where nobody can change it unseen. The answer to a Resume
    /// has a byte more.</summary>
    internal const int RespondPayloadLength = 1;

    /// <summary>The second byte of the answer to a Resume where the responder knows the secret.</summary>
    internal const byte KnownSecret = 1;

    /// <summary>
    /// The bit in the payload of message 2, beside the tag, that says: the responder is in a session whose initiator
    /// has the tag of the Initiate.
    /// </summary>
    internal const byte KnownSession = 0x80;

    /// <summary>The bit of the first byte that a sealed segment has and no datagram of the handshake has; the session's
    /// tag is in the others (spec 3.1-1).</summary>
    internal const byte SegmentBit = 0x80;

    /// <summary>No Initiate is longer; longer datagrams are not even hashed.</summary>
    internal const int MaxLength = 256;

    /// <summary>Bytes of a prologue at most.</summary>
    internal const int MaxPrologueLength = FixedPrologueLength + InitiateHeaderLength + ResumptionSecret.IdLength;

    private const int FixedPrologueLength = 9 + 1 + (2 * SnapshotOffer.PartLength);

    /// <summary>Clear bytes of a datagram that asks for a session, by its kind.</summary>
    internal static int HeaderLength(byte kind) =>
        InitiateHeaderLength + (kind == Resume ? ResumptionSecret.IdLength : 0);

    /// <summary>Whether sessions of a pattern can be resumed: both static keys are in its first message.</summary>
    // spec 2.8-1
    internal static bool MayResume(NoisePattern pattern) =>
        pattern is { MessageCount: 2, InitiatorHasStatic: true, ResponderHasStatic: true };

    /// <summary>
    /// Payload of message 1: zeros, so many that the answer, which any stranger can ask for in pattern XX, is no
    /// longer. spec 2.1-3
    /// </summary>
    internal static int InitiatePayloadLength(NoisePattern pattern) => pattern.IsOneWay ? 0 : Math.Max(
        0, ReplyHeaderLength + RespondPayloadLength + pattern.Overhead(1) - InitiateHeaderLength - pattern.Overhead(0));

    /// <summary>Bytes of an Initiate, a OneWay or a Resume.</summary>
    internal static int InitiateLength(NoisePattern pattern, byte kind = Initiate) =>
        HeaderLength(kind) + InitiatePayloadLength(pattern) + pattern.Overhead(0);

    /// <summary>Bytes of the Noise payload of the answer to an Initiate or a Resume.</summary>
    internal static int RespondLength(byte kind) => RespondPayloadLength + (kind == Resume ? 1 : 0);

    private static ReadOnlySpan<byte> Name => "LinkCodec"u8;

    /// <summary>Writes the clear bytes of an Initiate or a OneWay.</summary>
    internal static void WriteInitiateHeader(Span<byte> header, byte kind, HandshakePattern pattern, byte tag,
        SnapshotShortId id)
    {
        header[0] = kind;
        header[1] = (byte)((Version << 4) | (int)pattern);
        header[2] = tag;
        id.Write(header[3..]);
    }

    /// <summary>Reads the clear bytes of an Initiate or a OneWay; the version may be another.</summary>
    internal static bool TryReadInitiateHeader(
        ReadOnlySpan<byte> datagram, byte kind, out byte version, out HandshakePattern pattern, out byte tag,
        out SnapshotShortId id)
    {
        (version, pattern, tag, id) = (0, default, 0, default);
        if (datagram.Length < InitiateHeaderLength || datagram[0] != kind || datagram[2] > 0x7F)
        {
            return false;
        }

        version = (byte)(datagram[1] >> 4);
        pattern = (HandshakePattern)(datagram[1] & 0x0F);
        tag = datagram[2];
        id = SnapshotShortId.Read(datagram[3..]);
        return true;
    }

    /// <summary>Writes the number of a secret behind the clear bytes of a Resume.</summary>
    internal static void WriteResumptionId(Span<byte> header, ulong id) =>
        BinaryPrimitives.WriteUInt64BigEndian(header[InitiateHeaderLength..], id);

    /// <summary>The number of a secret in a Resume.</summary>
    internal static ulong ReadResumptionId(ReadOnlySpan<byte> datagram) =>
        BinaryPrimitives.ReadUInt64BigEndian(datagram[InitiateHeaderLength..]);

    /// <summary>
    /// Whether a datagram asks for a session, of whichever kind and pattern: by its clear bytes alone.
    /// </summary>
    internal static bool IsOpening(ReadOnlySpan<byte> datagram) =>
        datagram.Length > InitiateHeaderLength && datagram[0] is Initiate or OneWay or Resume
            && datagram[1] >> 4 == Version;

    /// <summary>
    /// Writes what both sides must agree on: it costs no byte on the air, and a difference fails the handshake.
    /// spec 2.2-1
    /// </summary>
    internal static int WritePrologue(Span<byte> prologue, SnapshotOffer offer, ReadOnlySpan<byte> header)
    {
        Name.CopyTo(prologue);
        prologue[9] = Version;
        offer.Name.CopyTo(prologue[10..]);
        offer.Fingerprint.CopyTo(prologue[42..]);
        header = header[..HeaderLength(header[0])];
        header.CopyTo(prologue[FixedPrologueLength..]);
        return FixedPrologueLength + header.Length;
    }
}
