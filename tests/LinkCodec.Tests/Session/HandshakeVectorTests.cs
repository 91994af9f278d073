using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Security;
using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>The handshake byte by byte against the plain reference.</summary>
public sealed class HandshakeVectorTests
{
    private static readonly JsonElement File = VectorFile.Read("handshake");

    public static TheoryData<string> Valid =>
        [.. File.GetProperty("valid").EnumerateArray().Select(v => v.Text("name"))];

    public static TheoryData<string> MustReject =>
        [.. File.GetProperty("must_reject").EnumerateArray().Select(v => v.Text("name"))];

    [Theory]
    [MemberData(nameof(Valid))]
    [Spec("2.1-2")]
    [Spec("2.2-1")]
    [Spec("2.3-2")]
    public void A_vector_is_reproduced(string name)
    {
        JsonElement vector = File.GetProperty("valid").EnumerateArray().Single(v => v.Text("name") == name);
        using Ends ends = new(vector);
        byte[] initiate = ends.Initiator.Transmit()!;
        if (vector.HexOrNull("refuse") is byte[] refuse)
        {
            Assert.Equal(vector.Hex("refused_initiate"), initiate);
            Assert.Equal(refuse, ends.Responder.Answer(initiate).Reply);
            Assert.Equal(HandshakeStatus.InProgress, ends.Initiator.OnDatagram(refuse));
            initiate = ends.Initiator.Transmit()!;
        }

        Assert.Equal(vector.Hex("initiate"), initiate);
        (_, byte[] respond, HandshakeOutcome? outcome) = ends.Responder.Answer(initiate);
        Assert.Equal(vector.Hex("respond"), respond);
        Assert.Equal(HandshakeStatus.Established, ends.Initiator.OnDatagram(respond));
        using EstablishedKeys initiator = ends.Initiator.Outcome<EstablishedKeys>();
        using EstablishedKeys responder = Assert.IsType<EstablishedKeys>(outcome);
        Assert.Equal(vector.Hex("handshake_hash"), initiator.HandshakeHash.ToArray());
        AssertSeals(vector.Hex("initiator_key"), initiator, responder);
        AssertSeals(vector.Hex("responder_key"), responder, initiator);
    }

    [Theory]
    [MemberData(nameof(MustReject))]
    [Spec("2.1-1")]
    [Spec("2.3-3")]
    [Spec("2.4-1")]
    [Spec("2.4-2")]
    public void A_bad_datagram_gives_no_keys(string name)
    {
        JsonElement vector = File.GetProperty("must_reject").EnumerateArray().Single(v => v.Text("name") == name);
        if (vector.TryGetProperty("error", out JsonElement error))
        {
            using Ends mismatched = new(vector);
            byte[] initiate = mismatched.Initiator.Transmit()!;
            Assert.Equal(vector.Hex("initiate"), initiate);
            Assert.Equal(vector.Hex("refuse"), mismatched.Responder.Answer(initiate).Reply);
            Assert.Equal(HandshakeStatus.Refused, mismatched.Initiator.OnDatagram(vector.Hex("refuse")));
            Assert.Equal(Enum.Parse<LinkErrorCode>(error.GetString()!),
                mismatched.Initiator.Outcome<HandshakeFailure>().Code);
            return;
        }

        JsonElement good = File.GetProperty("valid")[0];
        using Ends ends = new(good);
        ends.Initiator.Transmit();
        if (vector.HexOrNull("to_responder") is byte[] toResponder)
        {
            (HandshakeStatus status, byte[] reply, HandshakeOutcome? outcome) = ends.Responder.Answer(toResponder);
            Assert.Equal((HandshakeStatus.Ignored, null), (status, outcome));
            Assert.Empty(reply);
            Assert.Equal(1, ends.Responder.RejectedCount);
        }
        else
        {
            Assert.Equal(HandshakeStatus.Ignored, ends.Initiator.OnDatagram(vector.Hex("to_initiator")));
            Assert.Equal(1, ends.Initiator.RejectedCount);
        }

        // Nothing changed: the good datagrams still work.
        Assert.Equal(HandshakeStatus.Established, ends.Responder.Answer(good.Hex("initiate")).Status);
        Assert.Equal(HandshakeStatus.Established, ends.Initiator.OnDatagram(good.Hex("respond")));
    }

    private static void AssertSeals(byte[] key, EstablishedKeys from, EstablishedKeys to)
    {
        using Core.Security.SegmentSealer expected = new(key, to.LocalTag);
        using Core.Security.SegmentSealer actual = from.CreateSealer();
        using Core.Security.SegmentOpener opener = to.CreateOpener();
        byte[] one = new byte[23];
        byte[] two = new byte[23];
        Assert.True(expected.TrySeal("abc"u8, one, out _, out _) && actual.TrySeal("abc"u8, two, out _, out _));
        Assert.Equal(one, two);
        Assert.True(opener.TryOpen(two, new byte[3], out _, out _));
    }

    private sealed class Ends : IDisposable
    {
        private readonly Key _initiatorKey;
        private readonly Key _responderKey;

        internal Ends(JsonElement vector)
        {
            JsonElement shared = File.GetProperty("shared");
            _initiatorKey = Key.Import(KeyAgreementAlgorithm.X25519, shared.Hex("initiator_static"),
                KeyBlobFormat.RawPrivateKey);
            _responderKey = Key.Import(KeyAgreementAlgorithm.X25519, shared.Hex("responder_static"),
                KeyBlobFormat.RawPrivateKey);
            HandshakeOptions options =
                new() { Pattern = HandshakePattern.KKpsk0, Psk = shared.Hex("psk"), DerivesAnswers = false };
            Initiator = new(options with
            {
                StaticKey = _initiatorKey,
                PeerKey = _responderKey.PublicKey,
                LocalTag = shared.GetProperty("initiator_tag").GetByte(),
                Snapshots = Offers(vector.GetProperty("initiator_offers")),
                RandomSource = new FixedRandom(vector.Hex("initiator_random")),
            });
            Responder = new(options with
            {
                StaticKey = _responderKey,
                PeerKey = _initiatorKey.PublicKey,
                LocalTag = shared.GetProperty("responder_tag").GetByte(),
                Snapshots = Offers(vector.GetProperty("responder_offers")),
                RandomSource = new FixedRandom(vector.Hex("responder_random")),
            });
        }

        internal HandshakeInitiator Initiator { get; }

        internal HandshakeResponder Responder { get; }

        public void Dispose()
        {
            Initiator.Dispose();
            Responder.Dispose();
            _initiatorKey.Dispose();
            _responderKey.Dispose();
        }

        private static SnapshotOffer[] Offers(JsonElement offers) =>
            [.. offers.EnumerateArray().Select(o => new SnapshotOffer(o.Hex("name"), o.Hex("fingerprint")))];
    }
}
