using System.Buffers;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session.Handshake;
using NSec.Cryptography;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// What a first flight with messages is made of: whatever the bytes, only the peer's own Resume, early segment and
/// answer do anything. The keys are those of protocol-spec/vectors/resumption.json.
/// </summary>
public static class ResumptionFuzz
{
    private static readonly Key InitiatorKey = Import("initiator");
    private static readonly Key ResponderKey = Import("responder");
    private static readonly byte[] Kept = Secret("resumption");
    private static readonly HandshakeOptions InitiatorOptions = new()
    {
        Pattern = HandshakePattern.KKpsk0,
        StaticKey = InitiatorKey,
        PeerKey = ResponderKey.PublicKey,
        Psk = Secret("psk"),
        Snapshots = [new(Secret("snapshot a"), Secret("fingerprint a"))],
        LocalTag = 0x2A,
    };

    private static readonly HandshakeOptions ResponderOptions = InitiatorOptions with
    {
        StaticKey = ResponderKey,
        PeerKey = InitiatorKey.PublicKey,
        LocalTag = 0x55,
        DerivesAnswers = false, // The corpus holds the vectors' Respond.
        Resumptions = new OneSecret(),
    };

    private static readonly byte[] Resume;
    private static readonly byte[] Respond;
    private static readonly byte[] Segment = new byte[26];
    private static readonly EstablishedKeys Resumed;
    private static readonly HandshakeInitiator Asking;

    static ResumptionFuzz()
    {
        ArrayBufferWriter<byte> writer = new();
        using HandshakeInitiator initiator = NewInitiator();
        initiator.TryTransmit(writer, Timestamp.Zero);
        Resume = writer.WrittenSpan.ToArray();
        using SegmentSealer sealer = initiator.Early!.CreateSealer();
        sealer.TrySeal([1, .. "early"u8], Segment, out _, out _);
        Resumed = Established(out Respond);
        Asking = NewInitiator();
    }

    /// <summary>Runs the target once; throws when a property fails.</summary>
    public static void Run(ReadOnlySpan<byte> data)
    {
        ArrayBufferWriter<byte> reply = new();
        using HandshakeResponder responder = NewResponder();
        HandshakeStatus status = responder.OnDatagram(
            data, Timestamp.Zero, reply, out HandshakeOutcome? outcome, source: 1);
        using EstablishedKeys? keys = outcome as EstablishedKeys;
        Require(keys is not null == data.SequenceEqual(Resume), "The responder took something else than the Resume.");
        Require(status != HandshakeStatus.Ignored || reply.WrittenCount == 0, "Garbage was answered.");
        Require(reply.WrittenCount <= data.Length, "The answer is longer than what was sent for it.");

        Require(Resumed.Opens(data) == data.SequenceEqual(Segment), "A segment opens that the peer has not sealed.");
        Require(data.SequenceEqual(Respond) || Asking.OnDatagram(data) != HandshakeStatus.Established,
            "The initiator took something else than the Respond.");

        byte[] map = data.ToArray();
        bool says = DeliveryReport.Read(map) is not null || DeliveryReport.ReadKeeps(map)
            || DeliveryReport.ReadHeld(map) > 0;
        Require(!says || ControlMap.Read(map) is not null, "Something was read from bytes that are no map.");
    }

    private static EstablishedKeys Established(out byte[] respond)
    {
        ArrayBufferWriter<byte> writer = new();
        using HandshakeResponder responder = NewResponder();
        responder.OnDatagram(Resume, Timestamp.Zero, writer, out HandshakeOutcome? outcome);
        respond = writer.WrittenSpan.ToArray();
        return (EstablishedKeys)outcome!;
    }

    private static HandshakeInitiator NewInitiator()
    {
        using ResumptionSecret secret = new(Kept);
        return new(InitiatorOptions with
        {
            RandomSource = new Fixed(Secret("ephemeral 3")),
            Resumption = new Resumption(secret, 0),
        });
    }

    private static HandshakeResponder NewResponder() =>
        new(ResponderOptions with { RandomSource = new Fixed(Secret("responder's ephemeral 3")) });

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

    private sealed class OneSecret : IResumptions
    {
        public ResumptionSecret? Find(ulong id, PublicKey initiator)
        {
            ResumptionSecret secret = new(Kept);
            if (secret.Id == id)
            {
                return secret;
            }

            secret.Dispose();
            return null;
        }

        public bool Holds(ulong id) => true;

        public void Spend(ulong id)
        {
        }
    }

    private sealed class Fixed(byte[] bytes) : RandomSource
    {
        public override void Fill(Span<byte> destination) => bytes.AsSpan(0, destination.Length).CopyTo(destination);
    }
}
