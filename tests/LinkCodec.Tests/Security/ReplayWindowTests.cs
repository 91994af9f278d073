using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using Xunit;

namespace LinkCodec.Tests.Security;

[Spec("3.4-1")]
public sealed class ReplayWindowTests
{
    [Fact]
    public void A_window_agrees_with_a_set_of_counters()
    {
        const ulong seed = 20_260_101;
        RandomSource random = RandomSource.FromSeed(seed);
        foreach (ulong first in new ulong[] { 0, 1, 63, 64, 100_000 })
        {
            ReplayWindow window = new(first);
            HashSet<ulong> opened = [];
            ulong next = first;
            for (int i = 0; i < 30_000; i++)
            {
                ulong step = random.NextUInt64();
                ulong ahead = (step & 0xFF) switch { 0 => step >> 8 & 0x7FFF, < 128 => 0, _ => step >> 8 & 3 };
                ulong back = (step & 0xFF) is > 0 and < 128 ? step >> 8 & 0x3FFF : 0;
                ulong counter = next + ahead < back ? 0 : next + ahead - back;
                bool remembered = counter >= first && counter + ReplayWindow.Size >= next;
                bool isNew = counter >= next || (remembered && !opened.Contains(counter));
                Assert.True(isNew == window.IsNew(counter), $"seed {seed}, first {first}, step {i}, counter {counter}");
                Assert.Equal(remembered && counter < next && opened.Contains(counter), window.WasOpened(counter));
                if (isNew)
                {
                    window.Accept(counter);
                    opened.Add(counter);
                    next = Math.Max(next, counter + 1);
                    Assert.Equal(next - 1, window.Highest);
                }
            }
        }
    }

    [Fact]
    public void A_window_holds_exactly_its_size()
    {
        ReplayWindow window = new();
        window.Accept(ReplayWindow.Size);
        Assert.True(window.IsNew(1));
        Assert.False(window.IsNew(0));
        Assert.Null(new ReplayWindow(7).Highest);
    }
}
