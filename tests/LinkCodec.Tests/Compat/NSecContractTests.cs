using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.Compat;

/// <summary>What the package promises about arguments, export policies and disposed keys.</summary>
public sealed class NSecContractTests
{
    private static readonly byte[] Nonce = new byte[12];

    public static TheoryData<HashAlgorithm> Hashes => [HashAlgorithm.Blake2b_256, HashAlgorithm.Blake2b_512, HashAlgorithm.Sha256];

    [Theory]
    [MemberData(nameof(Hashes))]
    public void A_hash_in_pieces_is_the_hash_of_the_whole(HashAlgorithm algorithm)
    {
        byte[] data = [.. Enumerable.Range(0, 500).Select(i => (byte)(i * 7))];
        for (int cut = 0; cut < data.Length; cut += 63)
        {
            IncrementalHash.Initialize(algorithm, out IncrementalHash state);
            IncrementalHash.Update(ref state, data.AsSpan(0, cut));
            IncrementalHash copy = state;
            IncrementalHash.Update(ref state, data.AsSpan(cut));
            IncrementalHash.Update(ref copy, data.AsSpan(cut));
            Assert.Equal(algorithm.Hash(data), IncrementalHash.Finalize(ref state));
            Assert.True(IncrementalHash.FinalizeAndVerify(ref copy, algorithm.Hash(data)));
            Assert.Null(state.Algorithm);
            Assert.Throws<InvalidOperationException>(() => IncrementalHash.Finalize(ref state));
        }
    }

    [Fact]
    public void A_key_leaves_its_handle_only_as_its_policy_says()
    {
        using Key closed = Key.Create(KeyAgreementAlgorithm.X25519);
        Assert.Throws<InvalidOperationException>(() => closed.Export(KeyBlobFormat.RawPrivateKey));
        Assert.Equal(32, closed.Export(KeyBlobFormat.RawPublicKey).Length);

        KeyCreationParameters once = new() { ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving };
        using Key archived = Key.Create(KeyAgreementAlgorithm.X25519, in once);
        Assert.Equal(32, archived.Export(KeyBlobFormat.RawPrivateKey).Length);
        Assert.Throws<InvalidOperationException>(() => archived.Export(KeyBlobFormat.RawPrivateKey));

        KeyCreationParameters open = new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        using Key seed = Key.Import(SignatureAlgorithm.Ed25519, Enumerable.Repeat((byte)9, 32).ToArray(), KeyBlobFormat.RawPrivateKey, in open);
        Assert.Equal(Enumerable.Repeat((byte)9, 32), seed.Export(KeyBlobFormat.RawPrivateKey));
        Assert.False(seed.TryExport(KeyBlobFormat.RawPrivateKey, new byte[31], out _));
    }

    [Fact]
    public void Disposed_keys_and_secrets_can_not_be_used()
    {
        Key key = Key.Create(AeadAlgorithm.ChaCha20Poly1305);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => AeadAlgorithm.ChaCha20Poly1305.Encrypt(key, Nonce, default, default));
        SharedSecret secret = SharedSecret.Import(new byte[32], SharedSecretBlobFormat.RawSharedSecret);
        secret.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.Export(SharedSecretBlobFormat.RawSharedSecret));
    }

    [Fact]
    public void Wrong_arguments_throw_and_wrong_bytes_do_not()
    {
        using Key aead = Key.Create(AeadAlgorithm.ChaCha20Poly1305);
        using Key dh = Key.Create(KeyAgreementAlgorithm.X25519);
        AeadAlgorithm algorithm = AeadAlgorithm.ChaCha20Poly1305;
        Assert.Throws<ArgumentNullException>(() => algorithm.Encrypt(null!, Nonce, default, default));
        Assert.Throws<ArgumentException>(() => algorithm.Encrypt(dh, Nonce, default, default));
        Assert.Throws<ArgumentException>(() => algorithm.Encrypt(aead, new byte[11], default, default));
        Assert.Throws<ArgumentException>(() => algorithm.Encrypt(aead, Nonce, default, default, new byte[15]));
        Assert.Throws<ArgumentException>(() => algorithm.Decrypt(aead, Nonce, default, new byte[20], new byte[5]));
        byte[] buffer = new byte[40];
        Assert.Throws<ArgumentException>(() => algorithm.Encrypt(aead, Nonce, default, buffer.AsSpan(1, 10), buffer.AsSpan(0, 26)));
        Assert.False(algorithm.Decrypt(aead, Nonce, default, new byte[15], default(Span<byte>)));
        Assert.Null(algorithm.Decrypt(aead, Nonce, default, new byte[40]));
        Assert.Throws<FormatException>(() => Key.Import(KeyAgreementAlgorithm.X25519, new byte[31], KeyBlobFormat.RawPrivateKey));
        Assert.Throws<ArgumentException>(() => Key.Import(KeyAgreementAlgorithm.X25519, new byte[32], KeyBlobFormat.RawSymmetricKey));
        Assert.Throws<NotSupportedException>(() => Key.Create(HashAlgorithm.Sha256));
        Assert.False(PublicKey.TryImport(KeyAgreementAlgorithm.X25519, new byte[33], KeyBlobFormat.RawPublicKey, out _));
        Assert.Throws<InvalidOperationException>(() => aead.PublicKey);
    }

    [Fact]
    public void An_empty_message_is_sealed_and_opened_in_place()
    {
        using Key key = Key.Create(AeadAlgorithm.ChaCha20Poly1305);
        byte[] sealedNothing = AeadAlgorithm.ChaCha20Poly1305.Encrypt(key, Nonce, "context"u8, default);
        Assert.Equal(16, sealedNothing.Length);
        Assert.True(AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, Nonce, "context"u8, sealedNothing, default(Span<byte>)));
        sealedNothing[0] ^= 1;
        Assert.False(AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, Nonce, "context"u8, sealedNothing, default(Span<byte>)));
    }
}
