using System.Text;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>What the commands say of <c>--state</c>.</summary>
public sealed class DurableCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public DurableCommandTests()
    {
        foreach (string name in new[] { "here", "there" })
        {
            using LinkIdentity identity = LinkIdentity.Create();
            identity.Save(Path.Combine(_folder, name));
        }
    }

    private string Here => $"--identity {_folder}/here/identity.key --peer {_folder}/there/identity.pub "
        + "--snapshot none --profile lan";

    private string There => $"--identity {_folder}/there/identity.key --peer {_folder}/here/identity.pub "
        + "--snapshot none --profile lan";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Standard_output_gets_the_stream_and_a_second_run_sends_nothing()
    {
        string input = Path.Combine(_folder, "in");
        await File.WriteAllTextAsync(input, "one\ntwo\nan open end");
        for (int run = 0; run < 2; run++)
        {
            (RunningCommand receiver, string at) = await ListenAsync($"--state {_folder}/marks {There}");
            CommandRun sent = await CommandRun.StartSender(
                $"--to {at} --input {input} --state {_folder}/queue {Here}".Split(' ')).FinishAsync();
            CommandRun received = await receiver.FinishAsync();
            Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
            Assert.Equal(run == 0 ? "one\ntwo\nan open end" : "", received.Text);
            Assert.Equal(run == 1, sent.Error.Contains("19 bytes were queued before", StringComparison.Ordinal));
        }

        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            string folder = Path.Combine(_folder, "queue");
            Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            foreach (string file in Directory.GetFiles(folder))
            {
                Assert.Equal(Owner, File.GetUnixFileMode(file));
            }
        }
    }

    [NeedsFact(Machine.FullDisk)]
    public async Task A_receiver_that_cannot_write_tells_its_sender_and_loses_nothing()
    {
        string input = Path.Combine(_folder, "in");
        await File.WriteAllTextAsync(input, "one\ntwo\n");
        CommandRun both = await CommandRun.BashAsync("coproc R1 { $R --listen udp://127.0.0.1:0 --output - --state "
            + $"{_folder}/marks {There} 2>&1 >/dev/full; }}; exec {{said}}<&${{R1[0]}}; read _ _ at <&$said; "
            + $"$S --to $at --input {input} --state {_folder}/queue {Here}; echo $?; cat <&$said");
        Assert.Contains("What was received cannot be written", both.Error, StringComparison.Ordinal);
        Assert.StartsWith("1\n", both.Text, StringComparison.Ordinal);
        Assert.Contains("No space left on device", both.Text, StringComparison.Ordinal);

        (RunningCommand receiver, string at) = await ListenAsync($"--state {_folder}/marks {There}");
        CommandRun sent = await CommandRun.StartSender(
            $"--to {at} --input {input} --state {_folder}/queue {Here}".Split(' ')).FinishAsync();
        CommandRun received = await receiver.FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        Assert.Equal("one\ntwo\n", received.Text);
    }

    [Theory]
    [InlineData("--state /proc/linkcodec", 1, "The state '/proc/linkcodec' cannot be used")]
    [InlineData("--state IN", 1, "cannot be used")]
    [InlineData("--state queue --delivery once", 2, "--state needs reliable delivery")]
    [InlineData("--state queue --one-way", 2, "--state needs a way back")]
    [InlineData("--max-queue 1000", 2, "--max-queue bounds what waits in a --state folder")]
    [InlineData("--state queue --max-queue 0", 2, "--max-queue 0")]
    [InlineData("--state queue --kind audio --pcm 16,1,8000", 2, "--state keeps no live sound")]
    public async Task A_state_that_cannot_be_is_one_line(string options, int exit, string line)
    {
        string input = Path.Combine(_folder, "in");
        await File.WriteAllTextAsync(input, "one\n");
        CommandRun run = await CommandRun.StartSender(
            $"--to udp://127.0.0.1:9 --input {input} {options.Replace("IN", input, StringComparison.Ordinal)} {Here}"
                .Split(' ')).FinishAsync();
        Assert.Equal(exit, run.Exit);
        Assert.Contains(line, run.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_smaller_than_the_input_lets_all_of_it_through()
    {
        string input = Path.Combine(_folder, "in");
        string output = Path.Combine(_folder, "out");
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, 20_000).Select(i => $"line {i}"));
        (RunningCommand receiver, string at) = await ListenAsync(
            $"--output file:{output} --state {_folder}/marks {There}");
        CommandRun sent = await CommandRun.StartSender(
            $"--to {at} --input {input} --state {_folder}/queue --max-queue 50000 {Here}".Split(' ')).FinishAsync();
        CommandRun received = await receiver.FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        Assert.Equal(await File.ReadAllBytesAsync(input), await File.ReadAllBytesAsync(output));

        await File.AppendAllTextAsync(input, new string('x', 50_000) + "\n");
        sent = await CommandRun.StartSender(
            $"--to {at} --input {input} --state {_folder}/queue --max-queue 50000 {Here}".Split(' ')).FinishAsync();
        Assert.Equal(1, sent.Exit);
        Assert.Contains("A message of 50000 bytes; the queue may have 50000 in all", sent.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_never_answers_is_told_with_what_waits_for_it()
    {
        string input = Path.Combine(_folder, "in");
        await File.WriteAllTextAsync(input, "one\ntwo\nthree\n");
        CommandRun sent = await CommandRun.StartSender(
            $"--to udp://127.0.0.1:9 --input {input} --state {_folder}/queue --timeout 1 {Here}".Split(' '))
            .FinishAsync();
        Assert.Equal(1, sent.Exit);
        Assert.EndsWith("3 messages are stored for the next run.", sent.ErrorLine, StringComparison.Ordinal);

        sent = await CommandRun.StartSender($"--to udp://127.0.0.1:9 --input {input} --timeout 1 {Here}".Split(' '))
            .FinishAsync();
        Assert.Equal(1, sent.Exit);
        Assert.DoesNotContain("stored", sent.ErrorLine, StringComparison.Ordinal);
        sent = await CommandRun.StartSender($"--to udp://127.0.0.1:9 --input {input} --timeout 0 {Here}".Split(' '))
            .FinishAsync();
        Assert.Equal(2, sent.Exit);
        Assert.Contains("only with --state", sent.ErrorLine, StringComparison.Ordinal);
    }

    [NeedsFact(Machine.Unix)]
    [Spec("4.8-1")]
    public async Task A_sender_that_is_killed_before_any_receiver_answered_loses_nothing()
    {
        const int Lines = 5000;
        using (RunningCommand sender = CommandRun.StartSender(
            $"--to udp://127.0.0.1:9 --state {_folder}/queue --timeout 0 {Here}".Split(' ')))
        {
            for (int i = 0; i < Lines; i++)
            {
                await sender.Input.WriteAsync($"line {i}\n");
            }

            await sender.Input.FlushAsync();
            string queue = Path.Combine(_folder, "queue", "queue-00000001.log");
            while (!File.Exists(queue) || new FileInfo(queue).Length < Lines * 18)
            {
                await Task.Delay(20); // A process can only be killed in real time.
            }

            Assert.Equal(137, (await sender.KillAsync()).Exit);
        }

        (RunningCommand receiver, string at) = await ListenAsync($"--state {_folder}/marks {There}");
        CommandRun sent = await CommandRun.StartSender(
            $"--to {at} --input /dev/null --state {_folder}/queue {Here}".Split(' ')).FinishAsync();
        CommandRun received = await receiver.FinishAsync();
        Assert.True(sent.Exit == 0 && received.Exit == 0, sent.Error + received.Error);
        string[] lines = received.Text.TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, Lines - 300, Lines); // What the sender had not read yet is not its own.
        Assert.Equal(Enumerable.Range(0, lines.Length).Select(i => $"line {i}"), lines);
    }

    [Fact]
    public async Task A_file_that_holds_less_than_was_delivered_is_named()
    {
        string output = Path.Combine(_folder, "out");
        string input = Path.Combine(_folder, "in");
        await File.WriteAllTextAsync(input, "one\ntwo\n");
        await File.WriteAllTextAsync(output, "before\n");
        (RunningCommand receiver, string at) = await ListenAsync($"--output {output} --state {_folder}/marks {There}");
        await CommandRun.StartSender($"--to {at} --input {input} --state {_folder}/queue {Here}".Split(' '))
            .FinishAsync();
        await receiver.FinishAsync();
        Assert.Equal("before\none\ntwo\n", await File.ReadAllTextAsync(output));

        await File.WriteAllTextAsync(output, "one\n");
        CommandRun run = await CommandRun.StartReceiver(
            $"--listen udp://127.0.0.1:0 --output {output} --state {_folder}/marks {There}".Split(' ')).FinishAsync();
        Assert.Equal(1, run.Exit);
        Assert.Contains("15 were delivered into it", run.ErrorLine, StringComparison.Ordinal);
    }

    private static async Task<(RunningCommand Receiver, string At)> ListenAsync(string arguments)
    {
        RunningCommand receiver = CommandRun.StartReceiver($"--listen udp://127.0.0.1:0 {arguments}".Split(' '));
        string line = await receiver.ReadErrorLineAsync();
        return (receiver, line[line.IndexOf("udp:", StringComparison.Ordinal)..]);
    }
}
