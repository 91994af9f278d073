using System.Buffers.Binary;
using System.Text.Json;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Security;
using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>A resumed session's first flight byte by byte against the plain reference.</summary>
public sealed class ResumptionVectorTests : IDisposable
{
    private static readonly JsonElement File = VectorFile.Read("resumption");

    private readonly Key _initiatorKey = KeyOf("initiator_static");
    private readonly Key _responderKey = KeyOf("responder_static");

    public static TheoryData<string> Valid =>
        [.. File.GetProperty("valid").EnumerateArray().Select(v => v.Text("name"))];

    public static TheoryData<string> MustReject =>
        [.. File.GetProperty("must_reject").EnumerateArray().Select(v => v.Text("name"))];

    public void Dispose()
    {
        _initiatorKey.Dispose();
        _responderKey.Dispose();
    }

    [Theory]
    [MemberData(nameof(Valid))]
    [Spec("2.8-1")]
    [Spec("2.8-2")]
    [Spec("2.8-3")]
    [Spec("2.8-5")]
    [Spec("2.8-6")]
    public void A_vector_is_reproduced(string name)
    {
        JsonElement vector = File.GetProperty("valid").EnumerateArray().Single(v => v.Text("name") == name);
        using ResumptionSecret secret = new(vector.Hex("secret"));
        Assert.Equal(vector.Hex("number"), NumberOf(secret.Id));
        Assert.Equal(vector.GetProperty("early_tag").GetByte(), secret.Tag);
        using HandshakeInitiator initiator = Initiator(secret);
        byte[] resume = initiator.Transmit()!;
        Assert.Equal(vector.Hex("resume"), resume);
        byte[] plain = vector.Hex("early_plaintext");
        byte[] segment = new byte[plain.Length + SegmentSealer.Overhead];
        using (SegmentSealer sealer = initiator.Early!.CreateSealer())
        {
            Assert.True(sealer.TrySeal(plain, segment, out _, out _));
        }

        Assert.Equal(vector.Hex("early_segment"), segment);
        using HandshakeResponder responder = Responder(vector);
        (HandshakeStatus status, byte[] respond, HandshakeOutcome? outcome) = responder.Answer(resume);
        Assert.Equal(HandshakeStatus.Established, status);
        Assert.Equal(vector.Hex("respond"), respond);
        using EstablishedKeys atResponder = Assert.IsType<EstablishedKeys>(outcome);
        bool known = vector.GetProperty("known").GetBoolean();
        Assert.Equal(known, atResponder.Opens(segment));
        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(respond));
        using EstablishedKeys atInitiator = initiator.Outcome<EstablishedKeys>();
        Assert.Equal(known, atInitiator.TakesEarly);
        Assert.Equal(atResponder.LocalTag, atInitiator.RemoteTag);
        Assert.NotEqual(known ? secret.Tag : 0x80, atInitiator.RemoteTag);
        foreach (EstablishedKeys keys in new[] { atInitiator, atResponder })
        {
            using ResumptionSecret next = keys.CreateResumption();
            Assert.Equal(vector.Hex("next_secret"), next.Span.ToArray());
        }

        using SegmentSealer own = new(vector.Hex("initiator_key"), atResponder.LocalTag);
        Assert.True(own.TrySeal(plain, segment, out _, out _));
        Assert.True(atResponder.Opens(segment));
    }

    [Theory]
    [MemberData(nameof(MustReject))]
    [Spec("2.1-1")]
    [Spec("2.4-1")]
    public void A_bad_first_flight_gives_nothing(string name)
    {
        JsonElement vector = File.GetProperty("must_reject").EnumerateArray().Single(v => v.Text("name") == name);
        JsonElement good = File.GetProperty("valid")[0];
        using HandshakeResponder responder = Responder(good, repeats: 2); // A refusal's proof takes the first.
        if (vector.HexOrNull("resume") is { } resume)
        {
            (_, byte[] reply, HandshakeOutcome? outcome) = responder.Answer(resume);
            Assert.False(outcome is EstablishedKeys);
            Assert.True(reply.Length <= resume.Length);
        }

        (_, _, HandshakeOutcome? established) = responder.Answer(good.Hex("resume"));
        using EstablishedKeys keys = Assert.IsType<EstablishedKeys>(established);
        Assert.True(keys.Opens(good.Hex("early_segment")));
        Assert.False(vector.HexOrNull("early_segment") is { } segment && keys.Opens(segment));
    }

    [Coding.PythonFact]
    public async Task The_reference_says_what_the_vectors_say()
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(Coding.PythonFactAttribute.Python!,
                ["-B", Repository.PathOf("protocol-spec/reference/security_vectors.py"), "resumption"])
            {
                RedirectStandardOutput = true,
            })!;
        using JsonDocument said = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(JsonElement.DeepEquals(File, said.RootElement));
    }

    private static byte[] NumberOf(ulong id)
    {
        byte[] number = new byte[ResumptionSecret.IdLength];
        BinaryPrimitives.WriteUInt64BigEndian(number, id);
        return number;
    }

    private static Key KeyOf(string name) => Key.Import(KeyAgreementAlgorithm.X25519,
        File.GetProperty("shared").Hex(name), KeyBlobFormat.RawPrivateKey);

    private static HandshakeOptions Options(string random, int repeats = 1) => new()
    {
        Pattern = HandshakePattern.KKpsk0,
        Psk = File.GetProperty("shared").Hex("psk"),
        DerivesAnswers = false,
        RandomSource = new FixedRandom(Enumerable.Repeat(File.GetProperty("shared").Hex(random), repeats)
            .SelectMany(one => one).ToArray()),
        Snapshots = [new SnapshotOffer(File.GetProperty("shared").Hex("name"),
            File.GetProperty("shared").Hex("fingerprint"))],
    };

    private HandshakeInitiator Initiator(ResumptionSecret secret) => new(Options("initiator_random") with
    {
        StaticKey = _initiatorKey,
        PeerKey = _responderKey.PublicKey,
        LocalTag = File.GetProperty("shared").GetProperty("initiator_tag").GetByte(),
        Resumption = new Resumption(secret, 0),
    });

    private HandshakeResponder Responder(JsonElement vector, int repeats = 1)
    {
        Endpoint.KeptSecrets kept = new();
        if (vector.GetProperty("known").GetBoolean())
        {
            using ResumptionSecret secret = new(vector.Hex("secret"));
            kept.Keep(_initiatorKey.PublicKey, secret);
        }

        return new(Options("responder_random", repeats) with
        {
            StaticKey = _responderKey,
            PeerKey = _initiatorKey.PublicKey,
            LocalTag = vector.GetProperty("responder_tag").GetByte(),
            Resumptions = kept,
        });
    }
}
