using Xunit;

namespace LinkCodec.Tests.Facade;

public sealed class LinkIdentityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_saved_key_is_the_same_key_again()
    {
        string folder = Path.Combine(_folder, "new", "keys");
        using LinkIdentity made = LinkIdentity.Create();
        made.Save(folder);
        using LinkIdentity loaded = LinkIdentity.Load(Path.Combine(folder, LinkIdentity.PrivateFile));
        Assert.Equal(made.PublicKey, loaded.PublicKey);
        Assert.Equal(made.PublicKey.ToString(), File.ReadAllText(Path.Combine(folder, LinkIdentity.PublicFile)).Trim());
        Assert.StartsWith("linkcodec-public:", made.PublicKey.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_key_may_be_given_as_text_or_as_a_file()
    {
        using LinkIdentity made = LinkIdentity.Create();
        made.Save(_folder);
        Assert.Equal(made.PublicKey, LinkPublicKey.ParseOrLoad(made.PublicKey.ToString()));
        Assert.Equal(made.PublicKey, LinkPublicKey.ParseOrLoad(Path.Combine(_folder, LinkIdentity.PublicFile)));
    }

    [Fact]
    public void The_private_key_is_its_owners_alone()
    {
        using LinkIdentity made = LinkIdentity.Create();
        made.Save(_folder);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(_folder, LinkIdentity.PrivateFile)));
        }
    }

    [Fact]
    public void A_key_that_is_there_is_not_overwritten()
    {
        using LinkIdentity first = LinkIdentity.Create();
        using LinkIdentity second = LinkIdentity.Create();
        first.Save(_folder);
        Assert.Throws<IOException>(() => second.Save(_folder));
        using LinkIdentity kept = LinkIdentity.Load(Path.Combine(_folder, LinkIdentity.PrivateFile));
        Assert.Equal(first.PublicKey, kept.PublicKey);
        Assert.Equal(first.PublicKey.ToString(),
            File.ReadAllText(Path.Combine(_folder, LinkIdentity.PublicFile)).Trim());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    public void Text_that_is_no_key_is_refused(string text)
    {
        Assert.Throws<FormatException>(() => LinkIdentity.Parse(text));
        string path = Path.Combine(_folder, "bad.key");
        File.WriteAllText(path, text);
        LinkKeyException error = Assert.Throws<LinkKeyException>(() => LinkIdentity.Load(path));
        Assert.Contains("keygen", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_key_file_says_what_to_run()
    {
        LinkKeyException error =
            Assert.Throws<LinkKeyException>(() => LinkIdentity.Load(Path.Combine(_folder, "none")));
        Assert.Contains("linkcodec keygen", error.Message, StringComparison.Ordinal);
    }
}
