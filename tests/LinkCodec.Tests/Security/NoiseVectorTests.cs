using System.Text.Json;
using LinkCodec.Core.Security;
using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.Security;

/// <summary>Every published vector of the framework: handshake, hash and transport messages of both sides.</summary>
public sealed class NoiseVectorTests
{
    public static TheoryData<string> Names =>
        [.. VectorFile.Read("noise").GetProperty("valid").EnumerateArray().Select(v => v.Text("protocol_name"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_sides_make_and_read_the_published_messages(string name)
    {
        using Sides sides = new(name);
        (CipherState? send, CipherState? receive) initiator = default;
        (CipherState? send, CipherState? receive) responder = default;
        JsonElement[] messages = [.. sides.Vector.GetProperty("messages").EnumerateArray()];
        for (int i = 0; i < messages.Length; i++)
        {
            byte[] payload = messages[i].Hex("payload");
            byte[] expected = messages[i].Hex("ciphertext");
            byte[] message = new byte[expected.Length];
            byte[] opened = new byte[payload.Length];
            bool byInitiator = sides.Pattern.IsOneWay || i % 2 == 0;
            (HandshakeState writer, HandshakeState reader) = byInitiator
                ? (sides.Initiator, sides.Responder)
                : (sides.Responder, sides.Initiator);
            if (!writer.IsComplete)
            {
                Assert.Equal(expected.Length, payload.Length + writer.NextOverhead);
                Assert.True(writer.TryWriteMessage(payload, message));
                Assert.True(reader.TryReadMessage(message, opened));
            }
            else
            {
                if (initiator == default)
                {
                    (initiator, responder) = (sides.Initiator.Split(), sides.Responder.Split());
                    Assert.Equal(sides.Vector.Hex("handshake_hash"), sides.Initiator.HandshakeHash.ToArray());
                    Assert.Equal(sides.Vector.Hex("handshake_hash"), sides.Responder.HandshakeHash.ToArray());
                }

                (byInitiator ? initiator.send : responder.send)!.Encrypt(default, payload, message);
                Assert.True(
                    (byInitiator ? responder.receive : initiator.receive)!.TryDecrypt(default, message, opened));
            }

            Assert.Equal(expected, message);
            Assert.Equal(payload, opened);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Spec("2.4-1")]
    public void A_changed_message_is_refused_and_changes_nothing(string name)
    {
        using Sides sides = new(name);
        JsonElement[] messages = [.. sides.Vector.GetProperty("messages").EnumerateArray()];
        for (int i = 0; i < sides.Pattern.MessageCount; i++)
        {
            byte[] payload = messages[i].Hex("payload");
            byte[] message = new byte[messages[i].Hex("ciphertext").Length];
            byte[] opened = new byte[payload.Length];
            (HandshakeState writer, HandshakeState reader) = i % 2 == 0
                ? (sides.Initiator, sides.Responder)
                : (sides.Responder, sides.Initiator);
            Assert.True(writer.TryWriteMessage(payload, message));
            bool isSealed = i > 0 || sides.Pattern.HasPsk
                || sides.Pattern.Tokens(0).ContainsAnyExcept(NoiseToken.E, NoiseToken.S);
            for (int at = 0; isSealed && at < message.Length; at += at < 32 ? 31 : 7)
            {
                byte[] changed = (byte[])message.Clone();
                changed[at] ^= 0x40;
                Assert.False(reader.TryReadMessage(changed, opened));
                Assert.All(opened, b => Assert.Equal(0, b));
            }

            Assert.True(reader.TryReadMessage(message, opened));
            Assert.Equal(payload, opened);
        }
    }

    [Theory]
    [InlineData("QQ")]
    [InlineData("KKpsk")]
    [InlineData("KKpsk3")]
    [InlineData("KKpskx")]
    [InlineData("KKpsk0+")]
    public void An_unknown_pattern_is_the_callers_mistake(string name) =>
        Assert.Throws<ArgumentException>(() => NoisePattern.Parse(name));

    private sealed class Sides : IDisposable
    {
        private readonly List<IDisposable> _keys = [];

        internal Sides(string name)
        {
            Vector = VectorFile.Read("noise").GetProperty("valid").EnumerateArray()
                .Single(v => v.Text("protocol_name") == name);
            string[] parts = name.Split('_');
            Pattern = NoisePattern.Parse(parts[1]);
            NoiseHash hash = parts[4] == "SHA256" ? NoiseHash.Sha256 : NoiseHash.Blake2b;
            Initiator = Side("init", hash);
            Responder = Side("resp", hash);
        }

        internal JsonElement Vector { get; }

        internal NoisePattern Pattern { get; }

        internal HandshakeState Initiator { get; }

        internal HandshakeState Responder { get; }

        public void Dispose()
        {
            Initiator.Dispose();
            Responder.Dispose();
            _keys.ForEach(k => k.Dispose());
        }

        private HandshakeState Side(string side, NoiseHash hash)
        {
            Key? key = null;
            if (Vector.HexOrNull(side + "_static") is byte[] bytes)
            {
                key = Key.Import(KeyAgreementAlgorithm.X25519, bytes, KeyBlobFormat.RawPrivateKey);
                _keys.Add(key);
            }

            PublicKey? remote = Vector.HexOrNull(side + "_remote_static") is byte[] point
                ? PublicKey.Import(KeyAgreementAlgorithm.X25519, point, KeyBlobFormat.RawPublicKey)
                : null;
            byte[] psk = Vector.TryGetProperty(side + "_psks", out JsonElement psks)
                ? Convert.FromHexString(psks[0].GetString()!)
                : [];
            FixedRandom random = new(Vector.HexOrNull(side + "_ephemeral") ?? []);
            return new HandshakeState(Pattern, hash, side == "init", Vector.Hex(side + "_prologue"), key,
                remote, psk, random);
        }
    }
}
