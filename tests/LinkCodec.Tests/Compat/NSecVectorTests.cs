using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.Compat;

/// <summary>The stand-in (or the package) against the vectors that the standards print.</summary>
public sealed class NSecVectorTests
{
    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    [Theory] // RFC 7748, section 5.2 and section 6.1.
    [InlineData("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    [InlineData("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")]
    public void X25519_agrees(string scalar, string point, string shared)
    {
        using Key key = Key.Import(KeyAgreementAlgorithm.X25519, Hex(scalar), KeyBlobFormat.RawPrivateKey);
        PublicKey other = PublicKey.Import(KeyAgreementAlgorithm.X25519, Hex(point), KeyBlobFormat.RawPublicKey);
        SharedSecretCreationParameters exportable = new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        using SharedSecret? secret = KeyAgreementAlgorithm.X25519.Agree(key, other, in exportable);
        Assert.Equal(Hex(shared), secret!.Export(SharedSecretBlobFormat.RawSharedSecret));
    }

    [Fact] // RFC 7748, section 6.1.
    public void X25519_makes_the_public_key_and_both_sides_agree()
    {
        using Key bob = Key.Import(KeyAgreementAlgorithm.X25519, Hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"), KeyBlobFormat.RawPrivateKey);
        Assert.Equal(Hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"), bob.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        using Key alice = Key.Create(KeyAgreementAlgorithm.X25519);
        SharedSecretCreationParameters exportable = new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        using SharedSecret? one = KeyAgreementAlgorithm.X25519.Agree(alice, bob.PublicKey, in exportable);
        using SharedSecret? two = KeyAgreementAlgorithm.X25519.Agree(bob, alice.PublicKey, in exportable);
        Assert.Equal(one!.Export(SharedSecretBlobFormat.RawSharedSecret), two!.Export(SharedSecretBlobFormat.RawSharedSecret));
    }

    [Theory] // Points of order 1, 2, 4 and 8: every agreement with them is zero.
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    public void X25519_does_not_agree_with_a_key_of_low_order(string point)
    {
        using Key key = Key.Create(KeyAgreementAlgorithm.X25519);
        Assert.Null(KeyAgreementAlgorithm.X25519.Agree(key, PublicKey.Import(KeyAgreementAlgorithm.X25519, Hex(point), KeyBlobFormat.RawPublicKey)));
    }

    [Fact] // RFC 8439, section 2.8.2.
    public void ChaCha20Poly1305_seals_and_opens()
    {
        byte[] plain = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8.ToArray();
        byte[] ad = Hex("50515253c0c1c2c3c4c5c6c7");
        byte[] nonce = Hex("070000004041424344454647");
        using Key key = Key.Import(AeadAlgorithm.ChaCha20Poly1305, Hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"), KeyBlobFormat.RawSymmetricKey);
        byte[] expected = Hex(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116"
            + "1ae10b594f09e26a7e902ecbd0600691");
        Assert.Equal(expected, AeadAlgorithm.ChaCha20Poly1305.Encrypt(key, nonce, ad, plain));
        Assert.Equal(plain, AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, nonce, ad, expected));
        expected[^1] ^= 1;
        Assert.Null(AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, nonce, ad, expected));
    }

    [Theory] // RFC 8032, section 7.1.
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    public void Ed25519_signs_and_verifies(string seed, string point, string message, string signature)
    {
        using Key key = Key.Import(SignatureAlgorithm.Ed25519, Hex(seed), KeyBlobFormat.RawPrivateKey);
        Assert.Equal(Hex(point), key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        byte[] signed = SignatureAlgorithm.Ed25519.Sign(key, Hex(message));
        Assert.Equal(Hex(signature), signed);
        Assert.True(SignatureAlgorithm.Ed25519.Verify(key.PublicKey, Hex(message), signed));
        signed[3] ^= 1;
        Assert.False(SignatureAlgorithm.Ed25519.Verify(key.PublicKey, Hex(message), signed));
    }

    [Fact] // RFC 7693, appendix A; FIPS 180-4's "abc".
    public void Hashes_match_the_standards()
    {
        Assert.Equal(
            Hex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"),
            HashAlgorithm.Blake2b_512.Hash("abc"u8));
        Assert.Equal(Hex("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"), HashAlgorithm.Blake2b_256.Hash("abc"u8));
        Assert.Equal(Hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), HashAlgorithm.Sha256.Hash("abc"u8));
    }
}
