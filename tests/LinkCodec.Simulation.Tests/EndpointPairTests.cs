using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Clock;
using LinkCodec.Simulator.Pair;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Scenarios;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class EndpointPairTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("lossy-30")]
    [InlineData("blackhole")]
    public void A_stop_and_wait_pair_gets_everything_across_and_then_is_idle(string scenario)
    {
        (PairEnd end, StopAndWait near, Echo far, string trace) first = Run(scenario, 3);

        Assert.Equal(PairEnd.Idle, first.end);
        Assert.Equal(50, first.near.Confirmed);
        Assert.Equal(Enumerable.Range(0, 50), first.far.Numbers);
        Assert.Equal(first.trace, Run(scenario, 3).Trace);
    }

    [Fact]
    public void A_run_ends_when_the_caller_says_so_or_the_time_is_up()
    {
        using LinkModel link = BuiltInScenarios.Find("one-way").Build(3);
        StopAndWait near = new(50);
        Echo far = new();
        EndpointPair pair = new(near, far, link, new VirtualClock());

        Assert.Equal(PairEnd.Done, pair.Run(TimeSpan.FromHours(1), () => far.Numbers.Count > 0));
        Assert.Equal(PairEnd.TimeUp, pair.Run(TimeSpan.FromMinutes(10)));
        Assert.Equal(0, near.Confirmed);
        Assert.InRange(pair.Clock.Now.Microseconds, 600_000_000, 700_000_000);
    }

    [Fact]
    public void An_endpoint_whose_deadline_never_moves_is_found_out()
    {
        using LinkModel link = BuiltInScenarios.Find("demo").Build(1);
        EndpointPair pair = new(new Stuck(), new Echo(), link, new VirtualClock());

        Assert.Throws<InvalidOperationException>(() => pair.Run(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_capture_holds_every_datagram_that_was_put_on_the_link()
    {
        MemoryStream file = new();
        using LinkModel link = BuiltInScenarios.Find("demo").Build(3);
        using PcapWriter capture = new(file);
        EndpointPair pair = new(new StopAndWait(10), new Echo(), link, new VirtualClock(), capture: capture);
        pair.Run(TimeSpan.FromHours(1));

        ReadOnlySpan<byte> bytes = file.ToArray();
        Assert.Equal(0xA1B2_C3D4, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        Assert.Equal(101u, BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]));
        long records = 0;
        for (bytes = bytes[24..]; !bytes.IsEmpty; records++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
            ReadOnlySpan<byte> ip = bytes.Slice(16, length);
            uint sum = 0;
            for (int i = 0; i < 20; i += 2)
            {
                sum += BinaryPrimitives.ReadUInt16BigEndian(ip[i..]);
            }

            Assert.Equal(0xFFFFu, (sum & 0xFFFF) + (sum >> 16)); // A right IPv4 checksum.
            Assert.Equal(length, BinaryPrimitives.ReadUInt16BigEndian(ip[2..]));
            bytes = bytes[(16 + length)..];
        }

        Assert.Equal(link.Forward.Counters.Sent + link.Return.Counters.Sent, records);
    }

    private static (PairEnd End, StopAndWait Near, Echo Far, string Trace) Run(string scenario, ulong seed)
    {
        using LinkModel link = BuiltInScenarios.Find(scenario).Build(seed);
        (StopAndWait near, Echo far) = (new StopAndWait(50), new Echo());
        EndpointPair pair = new(near, far, link, new VirtualClock());
        return (pair.Run(TimeSpan.FromHours(1)), near, far, link.TraceSha256);
    }

    /// <summary>Sends one number at a time, and again every second until it comes back.</summary>
    private sealed class StopAndWait(int count) : TestEndpoint
    {
        private bool _due = true;
        private Timestamp _deadline = Timestamp.Never;

        public int Confirmed { get; private set; }

        public override Timestamp NextDeadline => _deadline;

        protected override void Take(ReadOnlySpan<byte> datagram)
        {
            if (BitConverter.ToInt32(datagram) == Confirmed)
            {
                Confirmed++;
                _due = Confirmed < count;
                _deadline = Timestamp.Never;
            }
        }

        public override void OnTimeout(Timestamp now)
        {
            _deadline = Timestamp.Never;
            _due = true;
        }

        protected override bool TryWrite(Span<byte> destination, Timestamp now, out int length)
        {
            length = 0;
            if (!_due)
            {
                return false;
            }

            BitConverter.TryWriteBytes(destination, Confirmed);
            length = 4;
            _due = false;
            _deadline = now + TimeSpan.FromSeconds(1);
            return true;
        }
    }

    private sealed class Echo : TestEndpoint
    {
        private readonly Queue<byte[]> _answers = new();

        public List<int> Numbers { get; } = [];

        public override Timestamp NextDeadline => Timestamp.Never;

        protected override void Take(ReadOnlySpan<byte> datagram)
        {
            int number = BitConverter.ToInt32(datagram);
            if (!Numbers.Contains(number))
            {
                Numbers.Add(number);
            }

            _answers.Enqueue(datagram.ToArray());
        }

        public override void OnTimeout(Timestamp now) => throw new InvalidOperationException("Nothing was asked for.");

        protected override bool TryWrite(Span<byte> destination, Timestamp now, out int length)
        {
            length = 0;
            if (!_answers.TryDequeue(out byte[]? answer))
            {
                return false;
            }

            answer.CopyTo(destination);
            length = answer.Length;
            return true;
        }
    }

    private sealed class Stuck : TestEndpoint
    {
        public override Timestamp NextDeadline => Timestamp.Zero;

        protected override void Take(ReadOnlySpan<byte> datagram)
        {
        }

        public override void OnTimeout(Timestamp now)
        {
        }

        protected override bool TryWrite(Span<byte> destination, Timestamp now, out int length)
        {
            length = 0;
            return false;
        }
    }

    private abstract class TestEndpoint : IDatagramEndpoint
    {
        public int MaxDatagramSize => 64;

        public bool TakesDatagrams => true;

        public bool IsOver => false;

        public abstract Timestamp NextDeadline { get; }

        public DatagramStatus OnDatagram(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now)
        {
            Take(datagram);
            return DatagramStatus.Segment;
        }

        public abstract void OnTimeout(Timestamp now);

        public bool TryTransmit(Span<byte> destination, Timestamp now, out Transmission transmission)
        {
            bool any = TryWrite(destination, now, out int length);
            transmission = new Transmission(length, default);
            return any;
        }

        public bool TryTakeWork([NotNullWhen(true)] out CodingWork? work)
        {
            work = null;
            return false;
        }

        public void OnPathEnd(Timestamp now) => throw new InvalidOperationException("This path has no end.");

        public void Return(CodingWork work, Timestamp now) =>
            throw new InvalidOperationException("Nothing was handed out.");

        public void Leave(Timestamp now, string reason) => throw new InvalidOperationException("A run is not left.");

        public void Dispose()
        {
        }

        protected abstract void Take(ReadOnlySpan<byte> datagram);

        protected abstract bool TryWrite(Span<byte> destination, Timestamp now, out int length);
    }
}
