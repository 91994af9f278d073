using LinkCodec.State;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.State;

/// <summary>State folders in which something has gone wrong while nobody looked.</summary>
public sealed class RestartFaultTests
{
    [Theory]
    [MemberData(nameof(TestRandom.Seeds), 100, MemberType = typeof(TestRandom))]
    public async Task A_restart_asserts_nothing_whatever_the_files_hold_ION_DTN_47(ulong seed)
    {
        TestRandom random = new(seed);
        PowerCutFiles queue = new();
        SenderState sender = SenderState.Open(queue, 7, 1 << 20);
        await SenderStateTests.StoreAsync(sender, 0, 50);
        await sender.BeginSessionAsync();
        await sender.DeliverAsync(20);
        await sender.ReportAsync(21, 3);
        PowerCutFiles marks = new();
        ReceiverState receiver = ReceiverState.Open(marks);
        QueueMark mark = receiver.Open(null, new QueueAnnouncement(7, 1, 0, Asks: false), out _)!;
        for (ulong i = 1; i < 20; i++)
        {
            receiver.TryDeliver(mark, i, random.Bytes(random.Next(30)));
        }

        for (int damage = 0; damage < 10; damage++)
        {
            Use(Damaged(queue, random), disk =>
            {
                using SenderState state = SenderState.Open(disk, 8, 1 << 20);
                Assert.True(state.Delivered <= state.Stored);
                QueueCursor cursor = state.ReadFrom(state.Delivered);
                while (cursor.TryNext(out QueuedMessage message))
                {
                    Assert.Equal(SenderStateTests.Text((int)message.Number),
                        System.Text.Encoding.ASCII.GetString(message.Content));
                }
            });
            Use(Damaged(marks, random), disk =>
            {
                using ReceiverState state = ReceiverState.Open(disk);
                state.Open(null, new QueueAnnouncement(7, 2, 0, Asks: true), out _);
            });
        }
    }

    // Whatever is in the files, the one thing that may come of it is one exception with one line.
    private static void Use(PowerCutFiles disk, Action<PowerCutFiles> use)
    {
        try
        {
            use(disk);
        }
        catch (LinkStateException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    private static PowerCutFiles Damaged(PowerCutFiles files, TestRandom random)
    {
        PowerCutFiles disk = files.AfterKill();
        foreach (string name in disk.Names())
        {
            disk.Change(name, bytes =>
            {
                int at = random.Next(bytes.Count + 1);
                switch (random.Next(4))
                {
                    case 0:
                        bytes.RemoveRange(at, bytes.Count - at);
                        break;
                    case 1:
                        bytes.AddRange(random.Bytes(1 + random.Next(40)));
                        break;
                    case 2 when at < bytes.Count:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    default:
                        bytes.InsertRange(at, new byte[random.Next(20)]);
                        break;
                }
            });
        }

        return disk;
    }
}
