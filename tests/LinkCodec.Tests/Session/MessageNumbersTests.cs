using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>Numbers of which a segment says the lowest eight bits, on a path that does anything to segments.</summary>
[Spec("4.3-7")]
public sealed class MessageNumbersTests
{
    public static TheoryData<ulong> Seeds => TestRandom.Seeds(20);

    [Fact]
    public void A_number_is_the_nearest_to_the_end_of_what_came_before_it()
    {
        MessageNumbers numbers = new();
        AssertCompletes(numbers, counter: 0, low: 255, 255); // Where nothing came, the first 256.
        numbers.OnUnit(counter: 5, end: 1_000);
        AssertCompletes(numbers, 5, 7, 7);
        AssertCompletes(numbers, 6, unchecked((byte)1_000), 1_000);
        AssertCompletes(numbers, 6, unchecked((byte)872), 872);
        AssertCompletes(numbers, 6, unchecked((byte)1_127), 1_127);
        AssertCompletes(numbers, 6, unchecked((byte)1_128), 872);
    }

    [Fact]
    public void Units_that_came_later_in_segments_sent_earlier_count_and_those_sent_later_do_not()
    {
        MessageNumbers numbers = new();
        numbers.OnUnit(counter: 20, end: 2_000);
        AssertCompletes(numbers, counter: 10, low: 0, 0);
        numbers.OnUnit(counter: 8, end: 500);
        AssertCompletes(numbers, 10, unchecked((byte)500), 500);
        AssertCompletes(numbers, 20, unchecked((byte)500), 500);
        AssertCompletes(numbers, 21, unchecked((byte)2_000), 2_000);
        numbers.OnUnit(counter: 22, end: 300); // Sent again: it ends before others that came.
        AssertCompletes(numbers, 23, unchecked((byte)2_000), 2_000);
    }

    [Fact]
    public void Segments_older_than_all_that_is_remembered_are_refused_and_no_other()
    {
        MessageNumbers numbers = new();
        for (ulong i = 0; i < 400; i++)
        {
            numbers.OnUnit(counter: 10 * i, end: i + 1);
        }

        int refused = 0;
        for (ulong counter = 1; counter < 4_000; counter++)
        {
            ulong before = (counter + 9) / 10; // The end of the unit in the segment before.
            if (numbers.TryComplete(counter, (byte)before, out ulong number))
            {
                Assert.Equal(before, number);
            }
            else
            {
                Assert.Equal(refused++, (int)counter - 1);
            }
        }

        Assert.InRange(refused, 1_300, 1_500);
    }

    [Fact]
    [Spec("4.3-1")]
    public void No_number_lies_beyond_the_last_one()
    {
        MessageNumbers numbers = new();
        numbers.OnUnit(counter: 0, end: VarInt.Max + 1);
        AssertCompletes(numbers, 1, low: 255, VarInt.Max);
        Assert.False(numbers.TryComplete(1, 0, out _));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_sender_that_keeps_within_reach_is_understood_whatever_the_path_does(ulong seed)
    {
        TestRandom random = new(seed);
        MessageNumbers numbers = new();
        List<Segment> path = [];
        List<Segment> came = [];
        List<ulong> reports = [];
        List<(ulong First, int Count)> lost = [];
        ulong counter = 0, next = 0, reported = 0, sent = 0;
        (int said, int refused) = (0, 0);
        for (int step = 0; step < 20_000; step++)
        {
            switch (random.Next(7))
            {
                case 0 or 1 when next < reported + 200 || random.Next(40) == 0:
                    // A new unit; now and then one whose turn came before others of the same batch.
                    int count = random.Next(10) == 0 ? 1 + random.Next(40) : 1;
                    ulong first = random.Next(30) == 0 ? next - Math.Min(next, (ulong)random.Next(300)) : next;
                    bool isShort = count == 1 && IsWithinReach(first, reported, sent);
                    Send(new Segment(counter++, first, count, isShort));
                    next = Math.Max(next, first + (ulong)count);
                    break;
                case 2 when lost.Count > 0: // One that is sent again says its number in full.
                    int which = random.Next(lost.Count);
                    Send(new Segment(counter++, lost[which].First, lost[which].Count, IsShort: false));
                    lost.RemoveAt(which);
                    break;
                case 3 or 4 when path.Count > 0: // The path delays at will; some are held back for very long.
                    int at = random.Next(40) == 0 ? random.Next(path.Count)
                        : random.Next(Math.Min(path.Count, 1 + random.Next(60)));
                    Receive(path[at]);
                    path.RemoveAt(at);
                    break;
                case 5 when came.Count > 0 && random.Next(3) == 0: // One that came comes again.
                    Receive(came[random.Next(came.Count)]);
                    break;
                case 6 when reports.Count > 0: // A report, in any order.
                    int report = random.Next(reports.Count);
                    reported = Math.Max(reported, reports[report]);
                    reports.RemoveAt(report);
                    break;
                default:
                    break;
            }
        }

        Assert.True(said > 500, $"seed {seed}: {said} numbers were said in short");
        Assert.True(refused < said / 4, $"seed {seed}: {refused} of {said} were refused");

        void Send(Segment segment)
        {
            sent = Math.Max(sent, segment.End);
            if (random.Next(5) == 0)
            {
                lost.Add((segment.First, segment.Count));
            }

            if (random.Next(10) != 0)
            {
                path.Add(segment);
            }
        }

        void Receive(Segment segment)
        {
            if (segment.IsShort)
            {
                said++;
                if (!numbers.TryComplete(segment.Counter, (byte)segment.First, out ulong number))
                {
                    refused++;
                    return; // It is not reported, and comes again in full.
                }

                Assert.True(segment.First == number, $"seed {seed}: {segment} is taken for {number}");
            }

            numbers.OnUnit(segment.Counter, segment.End);
            reports.Add(segment.End);
            came.Add(segment);
        }
    }

    // What LinkCodec.Core.Endpoint.SenderStream keeps to.
    private static bool IsWithinReach(ulong first, ulong reported, ulong sent) =>
        first < reported + MessageNumbers.Reach && sent <= first + MessageNumbers.Reach;

    private static void AssertCompletes(MessageNumbers numbers, ulong counter, byte low, ulong expected)
    {
        Assert.True(numbers.TryComplete(counter, low, out ulong number));
        Assert.Equal(expected, number);
    }

    private sealed record Segment(ulong Counter, ulong First, int Count, bool IsShort)
    {
        public ulong End => First + (ulong)Count;
    }
}
