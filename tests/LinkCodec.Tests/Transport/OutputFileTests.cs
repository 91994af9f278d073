using System.Text;
using LinkCodec.Codec;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Transport.Files;
using Xunit;

namespace LinkCodec.Tests.Transport;

public sealed class OutputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    private string Target => Path.Combine(_folder, "x");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_has_its_name_after_the_commit_alone()
    {
        using (OutputFile file = OutputFile.Create(Target))
        {
            file.Stream.Write("new"u8);
            Assert.False(File.Exists(Target));
            file.Commit();
        }

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Without_a_commit_the_old_file_stays_and_nothing_else_does()
    {
        File.WriteAllText(Target, "old");
        using (OutputFile file = OutputFile.Create(Target))
        {
            file.Stream.Write("new"u8);
        }

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_new_file_takes_no_name_that_has_appeared_meanwhile()
    {
        using (OutputFile file = OutputFile.CreateNew(Target))
        {
            File.WriteAllText(Target, "theirs");
            Assert.Throws<IOException>(file.Commit);
        }

        Assert.Equal("theirs", File.ReadAllText(Target));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_pass_through_a_string_and_back()
    {
        byte[] name = [(byte)'a', 0xE4, 0xF0, 0x9F, 0x98, 0x80, 0xED, 0xB2, 0x80, 0xC3];
        string text = UnixFiles.Decode(name);
        Assert.True(UnixFiles.IsRaw(text));
        Assert.False(UnixFiles.IsRaw("ä\U0001F600"));
        Assert.Null(UnixFiles.Identify(Path.Combine(_folder, text)));
    }

    [Theory]
    [InlineData("plain text, ä \U0001F600", "plain text, ä \U0001F600")]
    [InlineData("\u001b[2J\r\n\t\u007f\u0085", "\\u001b[2J\\u000d\\u000a\\u0009\\u007f\\u0085")]
    [InlineData("a\u202egpj.exe\u2066", "a\\u202egpj.exe\\u2066")]
    public void Text_of_a_peer_commands_no_terminal(string text, string shown)
    {
        Assert.Equal(shown, PlainText.Of(text));
        SessionEvent closing =
            new() { Kind = SessionEventKind.Closed, Error = LinkErrorCode.Canceled, ByPeer = true, Text = text };
        Assert.Equal($"The peer ended the link (\"{shown}\").", SessionEnding.ToException(closing).Message);
    }

    [Fact]
    public void Messages_on_a_terminal_keep_their_lines_and_show_the_rest_of_the_controls()
    {
        byte[] bytes = [.. "ä\tb\n"u8, 0x1B, (byte)'[', 0xFF, .. "\u202e€"u8, 0xE2, 0x82];
        foreach (int piece in new[] { 1, 2, 3, bytes.Length })
        {
            using MemoryStream terminal = new();
            using (TerminalStream stream = new(terminal))
            {
                foreach (byte[] part in bytes.Chunk(piece))
                {
                    stream.Write(part);
                }
            }

            Assert.Equal("ä\tb\n\\u001b[\\xff\\u202e€\\xe2\\x82", Encoding.UTF8.GetString(terminal.ToArray()));
        }
    }
}
