using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>Standard input, output and error of the commands: as data, closed, and full.</summary>
public sealed class StandardStreamTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public StandardStreamTests() => File.WriteAllText(Path.Combine(_folder, "in"), "one\ntwo\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("$T pack in -o - --snapshot none | $T unpack - -o -")]
    [InlineData("$T pack - -o /dev/stdout --snapshot none --json <in | $T unpack - -o /dev/stdout --json")]
    [InlineData("$T pack in -o - --snapshot none >x && $T unpack - -o - <x >y && cat y")]
    [InlineData("$S --to file:- --input in --snapshot none --published-keys | $R --listen file:- --published-keys")]
    public async Task A_dash_is_the_standard_stream_both_ways_and_figures_stay_out_of_it(string line)
    {
        CommandRun run = await RunAsync(line);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("one\ntwo\n", run.Text);
        Assert.Contains("2", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "-")));
    }

    [Theory]
    [InlineData("$T pack - -o x --snapshot none <&-", "Standard input is closed")]
    [InlineData("$T unpack - -o x <&-", "Standard input is closed")]
    [InlineData("$S --to file:x --snapshot none --published-keys <&-", "Standard input is closed")]
    [InlineData("$R --listen file:- --published-keys <&-", "Standard input is closed")]
    [InlineData("$T pack in -o - --snapshot none >&-", "Standard output is closed")]
    [InlineData("$T pack in -o x --snapshot none >&-", "Standard output is closed")]
    public async Task A_closed_stream_is_an_error_at_once(string line, string says)
    {
        CommandRun run = await RunAsync(line);
        Assert.Equal(1, run.Exit);
        Assert.Contains(says, run.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$T frobnicate 2>&-", 2)]
    [InlineData("$T frobnicate 2>/dev/full", 2)]
    [InlineData("$T frobnicate 2</dev/null", 2)]
    [InlineData("$T pack in -o x --snapshot none 2>&-", 0)]
    [InlineData("$T pack in -o x --snapshot none <&- 2>&-", 0)]
    public async Task A_standard_error_that_cannot_be_written_changes_no_exit_code(string line, int exit) =>
        Assert.Equal(exit, (await RunAsync(line)).Exit);

    private Task<CommandRun> RunAsync(string line) => CommandRun.BashAsync($"cd {_folder} && {line}");
}
