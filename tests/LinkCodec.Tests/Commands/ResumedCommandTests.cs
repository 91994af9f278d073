using System.Security.Cryptography;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Facade;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// One long message in ten passes: sender and receiver as processes, both killed at the end of each pass and started
/// with the same arguments.
/// </summary>
/// <remarks>A process can only be killed in real time; all that is measured is counted in datagrams.</remarks>
public sealed class ResumedCommandTests : IDisposable
{
    private const int Passes = 10;
    private const int Size = 2 << 20;

    // What is under way when a process is killed: some 30 ms of the link's rate, and what a slow machine adds.
    private const int UnderWay = 60_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NeedsFact(Machine.Unix)]
    [Spec("2.8-3")]
    [Spec("4.8-3")]
    [Spec("4.8-9")]
    public async Task Ten_passes_deliver_a_long_message_with_data_in_the_first_flight_of_each()
    {
        foreach (string name in new[] { "here", "there" })
        {
            using LinkIdentity identity = LinkIdentity.Create();
            identity.Save(Path.Combine(_folder, name));
        }

        byte[] message = RandomNumberGenerator.GetBytes(Size);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "in"), message);
        long all = 0;
        System.Text.StringBuilder log = new();
        for (int pass = 0; pass < Passes; pass++)
        {
            bool isLast = pass == Passes - 1;
            using RunningCommand receiver = StartReceiver(out Task<LinkEndpoint> at);
            using Relay relay = Relay.Start(await at);
            Pass counted = new(relay, isLast ? long.MaxValue : Size / Passes);
            using RunningCommand sender = StartSender(relay.Endpoint);
            if (isLast)
            {
                Assert.Equal(0, (await sender.FinishAsync()).Exit);
                Assert.Equal(0, (await receiver.FinishAsync()).Exit);
            }
            else
            {
                await counted.IsOver.WaitAsync(LoopbackLink.Patience);
                await sender.KillAsync();
                await receiver.KillAsync();
            }

            all += counted.Bytes;
            string begun = Path.Combine(_folder, "marks", "begun-00");
            log.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"{counted.Bytes} {(File.Exists(begun) ? new FileInfo(begun).Length : -1)}; ");
            byte first = pass == 0 ? HandshakeDatagram.Initiate : HandshakeDatagram.Resume;
            Assert.True(counted.FirstKind == first, $"pass {pass}: kind {counted.FirstKind}; {log}");
            Assert.True(pass == 0 || counted.SegmentsBeforeAnyAnswer > 0, $"pass {pass}");
        }

        byte[] received = await File.ReadAllBytesAsync(Path.Combine(_folder, "out"));
        Assert.True(message.AsSpan().SequenceEqual(received));
        Assert.True(all <= (Size * 1.05) + (Passes * UnderWay), $"{all}: {log}");
    }

    private RunningCommand StartSender(LinkEndpoint to) => CommandRun.StartSender(
        "--to", to.ToString(), "--input", Path.Combine(_folder, "in"), "--messages", "whole", "--kind", "bytes",
        "--identity", Path.Combine(_folder, "here", LinkIdentity.PrivateFile),
        "--peer", Path.Combine(_folder, "there", LinkIdentity.PublicFile),
        "--snapshot", "none", "--profile", "lan", "--rate", "2000000", "--state", Path.Combine(_folder, "queue"));

    private RunningCommand StartReceiver(out Task<LinkEndpoint> at)
    {
        RunningCommand receiver = CommandRun.StartReceiver(
            "--listen", "udp://127.0.0.1:0", "--output", "file:" + Path.Combine(_folder, "out"),
            "--identity", Path.Combine(_folder, "there", LinkIdentity.PrivateFile),
            "--peer", Path.Combine(_folder, "here", LinkIdentity.PublicFile),
            "--snapshot", "none", "--profile", "lan", "--rate", "2000000", "--state", Path.Combine(_folder, "marks"));
        at = EndpointOf(receiver);
        return receiver;
    }

    private static async Task<LinkEndpoint> EndpointOf(RunningCommand receiver)
    {
        string line = await receiver.ReadErrorLineAsync();
        return LinkEndpoint.Parse(line[line.IndexOf("udp:", StringComparison.Ordinal)..]);
    }

    // Counts what the sender sends, and ends the pass. A Resume gets no answer before a segment has come.
    private sealed class Pass
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _answers;

        public Pass(Relay relay, long limit)
        {
            relay.Forward = (datagram, number) =>
            {
                FirstKind = number == 0 ? datagram[0] : FirstKind;
                SegmentsBeforeAnyAnswer += datagram[0] >= 0x80 && _answers == 0 ? 1 : 0;
                Bytes += datagram.Length;
                if (Bytes >= limit)
                {
                    _over.TrySetResult();
                }

                return [datagram];
            };
            relay.Back = (datagram, _) =>
            {
                if (FirstKind == HandshakeDatagram.Resume && SegmentsBeforeAnyAnswer == 0)
                {
                    return []; // It is repeated: without an answer the first segment must come all the same.
                }

                _answers++;
                return [datagram];
            };
        }

        public byte FirstKind { get; private set; }

        public int SegmentsBeforeAnyAnswer { get; private set; }

        public long Bytes { get; private set; }

        public Task IsOver => _over.Task;
    }
}
