using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>Profiles: those that ship, those of one's own, and files that are none.</summary>
public sealed class ProfileTests
{
    [Fact]
    public void Every_profile_that_ships_can_be_read_and_says_its_name()
    {
        Assert.Contains("iridium-sbd", LinkProfile.Names);
        Assert.All(LinkProfile.Names, name => Assert.Equal(name, LinkProfile.Find(name).Name));
    }

    [Theory]
    [InlineData("iridium-sbd", 340, 270, 50, 0, 0)]
    [InlineData("skylo", 1200, 1200, 1, 50, 28)]
    [InlineData("astrocast", 160, null, 1, 0, 0)]
    public void A_profile_says_datagrams_and_charges_of_each_direction(
        string name, int there, int? back, int step, int minimum, int header)
    {
        LinkProfile profile = LinkProfile.Find(name);
        Assert.Equal((there, back), (profile.Forward.Mtu, profile.Return?.Mtu));
        Assert.Equal(new Billing(step, minimum, header), profile.Forward.Billing);
    }

    [Theory]
    [InlineData("", "--profile")]
    [InlineData("null", "empty")]
    [InlineData("""{"name":"x","description":"","one_way_delay":0.1,"forward":{"mtu":20},"return":null}""", "mtu")]
    [InlineData("""{"name":"x","description":"","one_way_delay":-1,"forward":{"mtu":200},"return":null}""", "delay")]
    [InlineData("""{"name":"x","description":"","one_way_delay":0.1,"forward":{"mtu":200}}""", "return")]
    [InlineData("""{"name":"x","description":"","one_way_delay":0.1,"forward":null,"return":null}""", "forward")]
    [InlineData("""{"name":"x","description":"","one_way_delay":1,"forward":{"mtu":200,"colour":1},"return":null}""",
        "colour")]
    public void A_file_that_is_no_profile_is_one_line(string text, string word)
    {
        using TemporaryText file = new(text);
        UsageException told = Assert.Throws<UsageException>(() => LinkProfile.Find(file.Path));
        Assert.Contains(word, told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told.Message);
    }

    [Fact]
    public async Task A_profile_is_shown_changed_and_used()
    {
        CommandRun shown = await CommandRun.ToolAsync("profile", "show", "iridium-sbd");
        Assert.Equal(0, shown.Exit);
        using TemporaryText own = new(shown.Text.Replace("340", "1000", StringComparison.Ordinal));
        Assert.Equal(1000, LinkProfile.Find(own.Path).Forward.Mtu);

        using TemporaryText message = new("hello\n");
        using TemporaryText link = new("");
        CommandRun sent = await CommandRun.StartSender("--to", $"file:{link.Path}", "--published-keys", "--input",
            message.Path, "--snapshot", "none", "--profile", own.Path).FinishAsync();
        Assert.True(sent.Exit == 0, sent.Error);

        CommandRun listed = await CommandRun.ToolAsync("profile", "list");
        Assert.All(LinkProfile.Names, name => Assert.Contains(name, listed.Text, StringComparison.Ordinal));
    }

    private sealed class TemporaryText : IDisposable
    {
        public TemporaryText(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
