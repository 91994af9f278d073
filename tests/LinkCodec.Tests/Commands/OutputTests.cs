using System.Runtime.Versioning;
using System.Text;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>What commands write takes its name when it is whole, and is never one of their inputs.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    private string In => Path.Combine(_folder, "in");

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("$T pack in -o in --snapshot none")]
    [InlineData("ln in out && $T pack in -o out --snapshot none")]
    [InlineData("ln -s in out && $T pack in -o out --snapshot none")]
    [InlineData("ln -s in out && $T pack - -o out --snapshot none <in")]
    [InlineData("$T pack in -o - --snapshot none >>in")]
    [InlineData("ln in out && $T unpack in -o out")]
    [InlineData("$T keygen -o k >&2 && $T keygen -o l >&2 && cp k/identity.key in && chmod 600 in && $T pack "
        + "k/identity.pub -o in --identity in --peer l/identity.pub")]
    public async Task An_output_that_is_an_input_under_any_name_is_refused_and_the_input_stays(string line)
    {
        byte[] input = "one\ntwo\n"u8.ToArray();
        await File.WriteAllBytesAsync(In, input);
        bool isKey = line.Contains("keygen", StringComparison.Ordinal);
        CommandRun run = await CommandRun.BashAsync($"cd {_folder} && {line}");
        Assert.Equal(1, run.Exit);
        Assert.Contains("is the input", run.Error, StringComparison.Ordinal);
        Assert.Equal(isKey ? await File.ReadAllBytesAsync(Path.Combine(_folder, "k", LinkIdentity.PrivateFile)) : input,
            await File.ReadAllBytesAsync(In));
    }

    [Fact]
    public async Task A_pack_that_fails_leaves_the_old_archive_and_nothing_beside_it()
    {
        await File.WriteAllBytesAsync(In, [9, 0, 0, 0, 1]);
        await File.WriteAllTextAsync(Out, "old");
        CommandRun pack = await CommandRun.ToolAsync("pack", In, "-o", Out, "--snapshot", "none",
            "--messages", "u32le");
        Assert.Equal(1, pack.Exit);
        Assert.Equal("old", await File.ReadAllTextAsync(Out));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task A_file_link_that_fails_leaves_the_old_file()
    {
        await File.WriteAllBytesAsync(In, [9, 0, 0, 0, 1]);
        await File.WriteAllTextAsync(Out, "old");
        CommandRun sent = await CommandRun.StartSender("--to", $"file:{Out}", "--input", In, "--messages", "u32le",
            "--snapshot", "none", "--published-keys").FinishAsync();
        Assert.Equal(1, sent.Exit);
        Assert.Equal("old", await File.ReadAllTextAsync(Out));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task An_unpack_that_cannot_open_the_file_leaves_the_old_output()
    {
        await File.WriteAllBytesAsync(In, new TestRandom(3).Bytes(5000));
        await File.WriteAllTextAsync(Out, "old");
        Assert.Equal(1, (await CommandRun.ToolAsync("unpack", In, "-o", Out)).Exit);
        Assert.Equal("old", await File.ReadAllTextAsync(Out));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [NeedsFact(Machine.Unix)]
    [UnsupportedOSPlatform("windows")]
    public async Task A_link_to_the_output_stays_a_link_and_the_mode_of_an_old_file_stays()
    {
        await File.WriteAllTextAsync(In, "one\n");
        await File.WriteAllTextAsync(Out, "old");
        File.SetUnixFileMode(Out, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, "out");
        CommandRun run = await CommandRun.BashAsync($"cd {_folder} && $T pack in -o link --snapshot none && mkfifo "
            + "pipe && (cat pipe >copy & $T pack in -o pipe --snapshot none; wait) && $T unpack copy -o -");
        Assert.True(run.Exit == 0, run.Error);
        Assert.EndsWith("one\n", run.Text, StringComparison.Ordinal);
        Assert.Equal("out", new FileInfo(link).LinkTarget);
        Assert.StartsWith("LNKCODC", Encoding.ASCII.GetString(await File.ReadAllBytesAsync(Out)),
            StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Out));
    }

    [Fact]
    public async Task Keygen_overwrites_no_public_key_and_writes_no_half_pair()
    {
        string there = Path.Combine(_folder, LinkIdentity.PublicFile);
        await File.WriteAllTextAsync(there, "somebody's");
        CommandRun run = await CommandRun.ToolAsync("keygen", "-o", _folder);
        Assert.Equal(1, run.Exit);
        Assert.Contains("not overwritten", run.ErrorLine, StringComparison.Ordinal);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(there));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [NeedsFact(Machine.Linux)]
    public async Task Names_that_are_not_utf8_and_names_that_begin_with_an_at_are_opened()
    {
        CommandRun run = await CommandRun.BashAsync(
            $"cd {_folder} && printf 'one\\ntwo\\n' >$'r\\xe4w' && cp $'r\\xe4w' @x && $T pack $'r\\xe4w' -o "
                + "$'p\\xe4ck' --snapshot none >&2 && $T unpack $'p\\xe4ck' -o @y >&2 && cmp @x @y" + " && $T pack @x "
                + "-o $'p\\xe4ck' --snapshot none >&2 && $T unpack $'p\\xe4ck' -o - && LC_ALL=C ls | wc -l; rm -f *");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("one\ntwo\n4\n", run.Text);
    }

    [Fact]
    public async Task A_damaged_archive_still_gives_what_survives_under_the_outputs_name()
    {
        await File.WriteAllTextAsync(In,
            string.Concat(Enumerable.Range(0, 4_000).Select(i => $"{i * 7919L % 10_007} volts\n")));
        Assert.Equal(0, (await CommandRun.ToolAsync("pack", In, "-o", Out, "--snapshot", "none")).Exit);
        byte[] packed = await File.ReadAllBytesAsync(Out);
        await File.WriteAllBytesAsync(Out, packed[..(packed.Length / 2)]);
        string restored = Path.Combine(_folder, "restored");
        Assert.Equal(1, (await CommandRun.ToolAsync("unpack", Out, "-o", restored)).Exit);
        Assert.NotEmpty(await File.ReadAllLinesAsync(restored));
    }
}
