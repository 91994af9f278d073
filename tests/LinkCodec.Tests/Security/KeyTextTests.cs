using LinkCodec.Core.Security;
using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.Security;

public sealed class KeyTextTests
{
    [Fact]
    public void Keys_come_back_from_their_text()
    {
        KeyCreationParameters open = new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        using Key key = Key.Create(KeyAgreementAlgorithm.X25519, in open);
        char[] text = new char[KeyText.Length];
        KeyText.Format(key, text);
        Assert.True(KeyText.TryParse(KeyAgreementAlgorithm.X25519, $"  {new string(text)}\n", out Key? again));
        using (again)
        {
            Assert.Equal(key.PublicKey, again.PublicKey);
            Assert.Throws<InvalidOperationException>(() => KeyText.Format(again, new char[KeyText.Length]));
        }

        string name = KeyText.Format(key.PublicKey);
        Assert.Equal(KeyText.Length, name.Length);
        Assert.True(KeyText.TryParse(KeyAgreementAlgorithm.X25519, name, out PublicKey? peer));
        Assert.Equal(key.PublicKey, peer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")] // Bits in the last character that belong to no byte.
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA+AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Other_text_is_no_key(string text)
    {
        byte[] bytes = Enumerable.Repeat((byte)1, 32).ToArray();
        Assert.False(KeyText.TryParse(text, bytes));
        Assert.Equal(new byte[32], bytes);
        Assert.False(KeyText.TryParse(KeyAgreementAlgorithm.X25519, text, out PublicKey? key));
        Assert.Null(key);
    }
}
