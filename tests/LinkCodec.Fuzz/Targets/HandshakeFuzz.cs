using System.Buffers;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using NSec.Cryptography;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Handshake datagrams: whatever the bytes, only the very datagrams of the peer give keys. The keys are those of
/// protocol-spec/vectors/handshake.json.
/// </summary>
public static class HandshakeFuzz
{
    private static readonly Key InitiatorKey = Import("initiator");
    private static readonly Key ResponderKey = Import("responder");
    private static readonly SnapshotOffer[] Offers = [new(Secret("snapshot a"), Secret("fingerprint a"))];
    private static readonly HandshakeOptions InitiatorOptions = new()
    {
        Pattern = HandshakePattern.KKpsk0,
        StaticKey = InitiatorKey,
        PeerKey = ResponderKey.PublicKey,
        Psk = Secret("psk"),
        Snapshots = Offers,
        LocalTag = 0x2A,
    };

    private static readonly HandshakeOptions ResponderOptions = InitiatorOptions with
    {
        StaticKey = ResponderKey,
        PeerKey = InitiatorKey.PublicKey,
        LocalTag = 0x55,
        DerivesAnswers = false, // The corpus holds the vectors' Respond.
    };

    private static readonly byte[] Initiate;
    private static readonly byte[] Respond;

    static HandshakeFuzz()
    {
        ArrayBufferWriter<byte> writer = new();
        using HandshakeInitiator initiator = NewInitiator();
        initiator.TryTransmit(writer, Timestamp.Zero);
        Initiate = writer.WrittenSpan.ToArray();
        writer.ResetWrittenCount();
        using HandshakeResponder responder = NewResponder();
        responder.OnDatagram(Initiate, Timestamp.Zero, writer, out _);
        Respond = writer.WrittenSpan.ToArray();
    }

    /// <summary>Runs the target once; throws when a property fails.</summary>
    public static void Run(ReadOnlySpan<byte> data)
    {
        ArrayBufferWriter<byte> reply = new();
        using HandshakeResponder responder = NewResponder();
        HandshakeStatus status = responder.OnDatagram(data, Timestamp.Zero, reply, out HandshakeOutcome? outcome);
        Require(status == HandshakeStatus.Established == data.SequenceEqual(Initiate),
            "The responder took something else than the Initiate.");
        Require(status != HandshakeStatus.Ignored || (reply.WrittenCount == 0 && outcome is null),
            "Garbage was answered.");

        using HandshakeInitiator initiator = NewInitiator();
        ArrayBufferWriter<byte> sent = new();
        initiator.TryTransmit(sent, Timestamp.Zero);
        Require(initiator.OnDatagram(data) == HandshakeStatus.Established == data.SequenceEqual(Respond),
            "The initiator took something else than the Respond.");

        reply.ResetWrittenCount();
        using HandshakeResponder open = new(
            ResponderOptions with { Pattern = HandshakePattern.XX, PeerKey = null, Psk = null });
        Require(open.OnDatagram(data, Timestamp.Zero, reply, out _) != HandshakeStatus.Established,
            "Pattern XX was done after one datagram.");

        OneWayReceiver oneWay = new(ResponderOptions with { Pattern = HandshakePattern.K, Psk = null });
        Require(oneWay.OnDatagram(data, out _) != HandshakeStatus.Established,
            "The one-way receiver took keys from nobody.");
    }

    private static HandshakeInitiator NewInitiator() =>
        new(InitiatorOptions with { RandomSource = new Fixed(Secret("ephemeral 1")) });

    private static HandshakeResponder NewResponder() =>
        new(ResponderOptions with { RandomSource = new Fixed(Secret("responder's ephemeral")) });

    private static byte[] Secret(string label) =>
        HashAlgorithm.Sha256.Hash(System.Text.Encoding.ASCII.GetBytes("LinkCodec test vector: " + label));

    private static Key Import(string label) =>
        Key.Import(KeyAgreementAlgorithm.X25519, Secret(label), KeyBlobFormat.RawPrivateKey);

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }

    private sealed class Fixed(byte[] bytes) : RandomSource
    {
        public override void Fill(Span<byte> destination) => bytes.AsSpan(0, destination.Length).CopyTo(destination);
    }
}
