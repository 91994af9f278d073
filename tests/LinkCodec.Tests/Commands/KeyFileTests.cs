using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// Keys that are the wrong ones are told so before anything is sent, and files that never end are not read.
/// </summary>
public sealed class KeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public KeyFileTests()
    {
        foreach (string end in new[] { "here", "there" })
        {
            using LinkIdentity identity = LinkIdentity.Create();
            identity.Save(Path.Combine(_folder, end));
        }

        File.WriteAllText(Path.Combine(_folder, "in"), "one\ntwo\n");
        File.WriteAllBytes(Path.Combine(_folder, "psk"), new byte[32]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--identity here/identity.pub --peer there/identity.pub", "This is a public key")]
    [InlineData("--identity here/identity.key --peer there/identity.key", "This is a private key")]
    [InlineData("--identity here/identity.key --peer $(cat there/identity.key)", "This is a private key")]
    [InlineData("--identity here/identity.key --peer here/identity.pub", "is the public key of --identity")]
    [InlineData("--identity here/identity.key --peer $(cat here/identity.pub)", "is the public key of --identity")]
    [InlineData("--identity old.pub --peer there/identity.pub", "By its name this is a public key")]
    [InlineData("--identity old --peer there/identity.pub", "does not say whether its key is private or public")]
    [InlineData("--identity here/identity.key --peer old.key", "By its name this is a private key")]
    [InlineData("--identity here/identity.key --peer old", "does not say whether its key is private or public")]
    [InlineData("--identity here/identity.key --peer there/identity.pub --psk in", "expected 32 bytes, found 8")]
    [InlineData("--identity here/identity.key --peer there/identity.pub --psk /dev/zero", "no regular file")]
    [InlineData("--identity /dev/zero --peer there/identity.pub", "no regular file")]
    [InlineData("--identity fifo --peer there/identity.pub", "no regular file")]
    [InlineData("--identity here/identity.key --peer fifo", "no regular file")]
    [InlineData("--identity here/identity.key --peer there/identity.pub --psk fifo", "no regular file")]
    public async Task A_key_of_the_wrong_kind_is_told_at_once(string keys, string says)
    {
        CommandRun run = await RunAsync("sed 's/.*://' here/identity.key >old; cp old old.key; sed 's/.*://' "
            + $"there/identity.pub >old.pub; mkfifo fifo; $S --to udp://127.0.0.1:9 --input in {keys}");
        Assert.InRange(run.Exit, 1, 2);
        Assert.Contains(says, run.ErrorLine, StringComparison.Ordinal);
        Assert.DoesNotContain((await File.ReadAllTextAsync(Path.Combine(_folder, "old"))).Trim(), run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Older_keys_without_a_word_of_their_kind_are_read_where_their_names_tell_it()
    {
        CommandRun run = await RunAsync(
            "for e in here there; do mkdir old-$e; for k in key pub; do sed 's/.*://' $e/identity.$k "
                + ">old-$e/identity.$k; done; chmod 600 old-$e/*; done; " + "$T pack in -o x --snapshot "
                + "none --identity old-here/identity.key --peer $(cat old-there/identity.pub) >&2 && $T unpack x -o - "
                + "--identity there/identity.key --peer old-here/identity.pub");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("one\ntwo\n", run.Text);
    }

    [Fact]
    public async Task What_is_packed_for_one_key_opens_with_no_other_and_not_without_keys()
    {
        CommandRun run = await RunAsync(
            "$T pack in -o x --snapshot none --identity here/identity.key --peer there/identity.pub --psk psk >&2; "
            + "$T unpack x -o a; $T unpack x -o b --identity there/identity.key --peer here/identity.pub; $T unpack x "
                + "-o - --identity there/identity.key --peer here/identity.pub --psk psk");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("one\ntwo\n", run.Text);
        Assert.Contains("sealed for the owner of --peer", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "a")) || File.Exists(Path.Combine(_folder, "b")));
    }

    [Fact]
    public async Task A_shared_key_alone_seals_a_file_and_without_any_the_figures_say_that_anyone_can_read_it()
    {
        CommandRun run = await RunAsync("chmod 600 psk; $T pack in -o x --snapshot none --psk psk; $T unpack x -o a "
            + "2>/dev/null || $T unpack x -o - --psk psk; $T pack in -o y --snapshot none");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("one\ntwo\n", run.Text, StringComparison.Ordinal);
        Assert.Contains("sealed for whoever has --psk", run.Text, StringComparison.Ordinal);
        Assert.Contains("sealed against damage, not against readers", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_others_can_read_is_warned_of_and_taken()
    {
        CommandRun run = await RunAsync("chmod 644 here/identity.key psk; $T pack in -o x --snapshot none --identity "
            + "here/identity.key --peer there/identity.pub --psk psk");
        Assert.Equal(0, run.Exit);
        Assert.Contains("warning: others can read the secret in 'here/identity.key'", run.Error,
            StringComparison.Ordinal);
        Assert.Contains("warning: others can read the secret in 'psk'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_a_pipe_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "snapshot"));
        CommandRun run = await RunAsync(
            "mkfifo snapshot/fifo; ln -s fifo snapshot/manifest.msgpack; $T snapshot show ./snapshot");
        Assert.Equal(1, run.Exit);
        Assert.StartsWith("error: ./snapshot/manifest.msgpack", run.ErrorLine, StringComparison.Ordinal);
    }

    private Task<CommandRun> RunAsync(string line) => CommandRun.BashAsync($"cd {_folder} && {line}");
}
