using System.Text;
using LinkCodec.State;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.State;

/// <summary>The power fails before each operation of a recorded run, at either end.</summary>
public sealed class PowerCutTests
{
    private const int Groups = 60;
    private const int Cuts = 4; // Each operation is cut off in so many ways.

    [Fact]
    [Spec("4.8-1")]
    public async Task A_sender_loses_nothing_that_it_has_accepted()
    {
        int operations = (await SendAsync(new PowerCutFiles())).Disk.Operations;
        Assert.InRange(operations, Groups, 100 * Groups);
        for (int at = 0; at < operations; at++)
        {
            (PowerCutFiles disk, int accepted, int delivered) = await SendAsync(new PowerCutFiles { FailsAt = at });
            for (ulong seed = 0; seed < Cuts; seed++)
            {
                using SenderState next = SenderState.Open(
                    disk.AfterPowerCut(new TestRandom((ulong)at * Cuts + seed)), 8);
                string where = $"operation {at}, seed {seed}";
                Assert.True(next.Stored >= (ulong)accepted, $"{where}: {next.Stored} of {accepted}");
                Assert.True(next.Delivered <= (ulong)delivered, where);
                Assert.Equal(Enumerable.Range((int)next.Delivered, (int)(next.Stored - next.Delivered)).Select(Large),
                    SenderStateTests.ReadAll(next, next.Delivered));
                Assert.Equal(InputAt((int)next.Stored), next.Input with { Name = InputMark.Of("in").Name });
            }
        }
    }

    [Fact]
    [Spec("4.8-7")]
    public void A_receivers_output_holds_every_message_once()
    {
        int operations = Receive(new PowerCutFiles()).Disk.Operations;
        Assert.InRange(operations, Groups, 100 * Groups);
        for (int at = 0; at < operations; at++)
        {
            (PowerCutFiles disk, ulong told) = Receive(new PowerCutFiles { FailsAt = at });
            for (ulong seed = 0; seed < Cuts; seed++)
            {
                PowerCutFiles found = disk.AfterPowerCut(new TestRandom((ulong)at * Cuts + seed));
                (PowerCutFiles done, _) = Receive(found.AfterKill(), epoch: 2, told);
                byte[] all = [.. Enumerable.Range(0, Groups).SelectMany(i => Encoding.ASCII.GetBytes(Large(i)))];
                Assert.True(all.AsSpan().SequenceEqual(done.Read("out")), $"operation {at}, seed {seed}");
            }
        }
    }

    // What a sender's process does: stores, notes what is delivered, begins sessions.
    private static async Task<(PowerCutFiles Disk, int Accepted, int Delivered)> SendAsync(PowerCutFiles disk)
    {
        int accepted = 0;
        int delivered = 0;
        try
        {
            SenderState state = SenderState.Open(disk, 7);
            state.BeginInput(InputMark.Of("in"));
            for (int group = 0; group < Groups; group++)
            {
                await state.StoreAsync([Encoding.ASCII.GetBytes(Large(group))], InputForm.Line);
                accepted = group + 1;
                if (group % 10 == 3)
                {
                    await state.BeginSessionAsync();
                }

                if (group % 4 == 3)
                {
                    delivered = group - 2;
                    await state.DeliverAsync((ulong)delivered);
                }
            }
        }
        catch (LinkStateException)
        {
            // The power has failed.
        }

        return (disk, accepted, delivered);
    }

    // What a receiver's process does: sets its output back, writes, syncs, moves the mark. Its output is on the same
    // disk.
    private static (PowerCutFiles Disk, ulong Told) Receive(PowerCutFiles disk, ulong epoch = 1, ulong least = 0)
    {
        ulong told = least;
        try
        {
            ReceiverState state = ReceiverState.Open(disk);
            bool isNew = state.Checkpoint.IsEmpty;
            IStateFile output = isNew ? disk.Create("out") : disk.Open("out");
            if (isNew)
            {
                output.Sync();
                disk.SyncNames();
                state.StoreCheckpoint(BitConverter.GetBytes(0L));
            }

            long length = BitConverter.ToInt64(state.Checkpoint.Span);
            Assert.True(output.Length >= length, "What was delivered is not in the output.");
            output.Truncate(length);
            QueueAnnouncement queue = new(7, epoch, told, Asks: epoch > 1);
            QueueMark mark = state.Open(null, queue, out QueueRefusal? no)
                ?? throw new InvalidOperationException(no!.Why);
            for (ulong i = mark.Delivered; i < Groups; i++)
            {
                byte[] message = Encoding.ASCII.GetBytes(Large((int)i));
                output.Write(message, output.Length);
                output.Sync();
                Assert.True(state.TryDeliver(mark, i + 1, BitConverter.GetBytes(output.Length)));
                told = i + 1;
            }
        }
        catch (Exception e) when (e is IOException or LinkStateException)
        {
            // The power has failed.
        }

        return (disk, told);
    }

    private static InputMark InputAt(int count)
    {
        InputMark mark = InputMark.Of("in");
        for (int i = 0; i < count; i++)
        {
            mark = mark.After(InputForm.Line, Encoding.ASCII.GetBytes(Large(i)));
        }

        return mark;
    }

    private static string Large(int number) => SenderStateTests.Text(number) + new string('x', number * 7 % 90);
}
