using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary><c>linkcodec-sender</c> and <c>linkcodec-receiver</c> as two processes.</summary>
public sealed class SendReceiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;
    private readonly string[] _here;
    private readonly string[] _there;

    public SendReceiveTests()
    {
        string[] keys = [Path.Combine(_folder, "here"), Path.Combine(_folder, "there")];
        foreach (string folder in keys)
        {
            using LinkIdentity identity = LinkIdentity.Create();
            identity.Save(folder);
        }

        string[] common = ["--snapshot", "none", "--profile", "lan"];
        _here = ["--identity", Path.Combine(keys[0], LinkIdentity.PrivateFile), "--peer",
            Path.Combine(keys[1], LinkIdentity.PublicFile), .. common];
        _there = ["--identity", Path.Combine(keys[1], LinkIdentity.PrivateFile), "--peer",
            Path.Combine(keys[0], LinkIdentity.PublicFile), .. common];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_of_lines_comes_out_of_the_receivers_standard_output()
    {
        byte[] input = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n")) + "no end");
        string file = Path.Combine(_folder, "in");
        await File.WriteAllBytesAsync(file, input);
        (RunningCommand receiver, string at) = await ListenAsync();
        CommandRun sent = await CommandRun.StartSender(["--to", at, "--input", file, "--json", .. _here]).FinishAsync();
        CommandRun received = await receiver.FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        Assert.Equal(input, received.Output);
        JsonElement figures = JsonDocument.Parse(sent.Text).RootElement;
        Assert.Equal(2001, figures.GetProperty("messages").GetInt32());
        Assert.Equal("", sent.Error);
    }

    [Fact]
    public async Task What_is_said_to_be_compressed_travels_as_it_is()
    {
        byte[] input = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("all the same again\n", 300)));
        string file = Path.Combine(_folder, "in");
        await File.WriteAllBytesAsync(file, input);
        (RunningCommand receiver, string at) = await ListenAsync();
        CommandRun sent = await CommandRun.StartSender(
            ["--to", at, "--input", file, "--kind", "compressed", "--json", .. _here]).FinishAsync();
        CommandRun received = await receiver.FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        Assert.Equal(input, received.Output);
        JsonElement figures = JsonDocument.Parse(sent.Text).RootElement;
        Assert.True(figures.GetProperty("coded_bytes").GetInt64() >= input.Length - 300);
    }

    [Fact]
    public async Task Messages_from_standard_input_become_files()
    {
        string folder = Path.Combine(_folder, "out");
        (RunningCommand receiver, string at) = await ListenAsync("--output", folder, "--json");
        RunningCommand sender = CommandRun.StartSender(["--to", at, "--messages", "rs", .. _here]);
        await sender.Input.WriteAsync("one\u001e\u001ethree\nlines");
        CommandRun sent = await sender.FinishAsync();
        CommandRun received = await receiver.FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        Assert.Equal(["one", "", "three\nlines"], Directory.GetFiles(folder).Order(StringComparer.Ordinal)
            .Select(File.ReadAllText));
        Assert.Equal(3, JsonDocument.Parse(received.Text).RootElement.GetProperty("messages").GetInt32());
    }

    [Fact]
    public async Task Live_sound_comes_out_as_it_was_and_its_delay_is_told()
    {
        byte[] sound = [.. Enumerable.Range(0, 16_010).Select(i => (byte)(i * i / 50))];
        string file = Path.Combine(_folder, "in");
        await File.WriteAllBytesAsync(file, sound);
        (RunningCommand receiver, string at) = await ListenAsync("--output", "-", "--json");
        CommandRun sent = await CommandRun.StartSender(["--to", at, "--input", file, "--kind", "audio", "--pcm",
            "16,1,8000", "--segment", "100", "--json", .. _here]).FinishAsync();
        CommandRun received = await receiver.FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        Assert.Equal(sound, received.Output);
        JsonElement figures = JsonDocument.Parse(sent.Text).RootElement;
        Assert.Equal(11, figures.GetProperty("messages").GetInt32());
        Assert.Equal(sound.Length, figures.GetProperty("raw_bytes").GetInt32());
        JsonElement delay = JsonDocument.Parse(received.Error.Split('\n').First(line => line.StartsWith('{')))
            .RootElement.GetProperty("delay_seconds");
        Assert.True(delay.GetProperty("longest").GetDouble() >= delay.GetProperty("mean").GetDouble());
    }

    [Theory]
    [InlineData("--pcm", "16,1,8000")]
    [InlineData("--kind", "audio", "--pcm", "12,1,8000")]
    [InlineData("--kind", "audio", "--pcm", "16,1")]
    [InlineData("--kind", "audio", "--pcm", "16,1,8000", "--segment", "10")]
    public async Task Sound_in_another_form_is_wrong_usage(params string[] arguments)
    {
        CommandRun run = await CommandRun.StartSender(["--to", "udp://127.0.0.1:9", .. arguments, .. _here])
            .FinishAsync();
        Assert.Equal((2, ""), (run.Exit, run.Text));
        Assert.Contains("--", run.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_link_takes_published_keys_where_they_are_asked_for()
    {
        string link = "file:" + Path.Combine(_folder, "link");
        byte[] input = new TestRandom(4).Bytes(20_000);
        string file = Path.Combine(_folder, "in");
        await File.WriteAllBytesAsync(file, input);
        CommandRun sent = await CommandRun.StartSender("--to", link, "--input", file, "--messages", "whole",
            "--snapshot", "none", "--published-keys").FinishAsync();
        CommandRun received = await CommandRun.StartReceiver("--listen", link, "--published-keys").FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        Assert.Equal(input, received.Output);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_one_line()
    {
        CommandRun sent = await CommandRun.StartSender(["--to", "udp://127.0.0.1:9", "--timeout", "1", .. _here])
            .FinishAsync();
        Assert.Equal(1, sent.Exit);
        Assert.Contains("did not answer", sent.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_that_the_receiver_lacks_is_named_at_both_ends()
    {
        (RunningCommand receiver, string at) = await ListenAsync();
        string[] other = [.. _here.Where(a => a is not ("--snapshot" or "none")), "--snapshot",
            Bytes.TestSnapshots.BuiltIn];
        CommandRun sent = await CommandRun.StartSender(["--to", at, .. other]).FinishAsync();
        Assert.Equal(1, sent.Exit);
        Assert.Contains("snapshot", sent.ErrorLine, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("refused a sender: ", await receiver.ReadErrorLineAsync(), StringComparison.Ordinal);
        receiver.Dispose();
    }

    [NeedsTheory(Machine.Unix)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_a_waiting_receiver_cleanly(string signal)
    {
        (RunningCommand receiver, _) = await ListenAsync();
        using Process kill = Process.Start("kill",
            ["-s", signal, receiver.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        CommandRun stopped = await receiver.FinishAsync();
        Assert.True(stopped.Exit is 1 or 130 or 143, $"exit {stopped.Exit}");
        Assert.Contains("stopped before the work was done", stopped.Error, StringComparison.Ordinal);
    }

    private async Task<(RunningCommand Receiver, string At)> ListenAsync(params string[] more)
    {
        RunningCommand receiver = CommandRun.StartReceiver(["--listen", "udp://127.0.0.1:0", .. more, .. _there]);
        string line = await receiver.ReadErrorLineAsync();
        Assert.StartsWith("listening at udp://127.0.0.1:", line, StringComparison.Ordinal);
        return (receiver, line["listening at ".Length..]);
    }
}
