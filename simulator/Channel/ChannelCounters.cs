namespace LinkCodec.Simulator.Channel;

/// <summary>The counters of what a channel was given and what became of it.</summary>
internal sealed class ChannelCounters
{
    private readonly long[] _fates = new long[Enum.GetValues<Fate>().Length];

    /// <summary>Datagrams given to the channel, without the copies that it made itself.</summary>
    public long Sent { get; private set; }

    public long SentBytes { get; private set; }

    /// <summary>Datagrams that came out, altered ones and copies included.</summary>
    public long Arrived => this[Fate.Delivered] + this[Fate.Altered];

    public long ArrivedBytes { get; private set; }

    public long Copies { get; private set; }

    public long FlippedBits { get; private set; }

    public long this[Fate fate] => _fates[(int)fate];

    public void CountSent(int bytes)
    {
        Sent++;
        SentBytes += bytes;
    }

    public void CountCopy() => Copies++;

    public void CountFlips(int bits) => FlippedBits += bits;

    public void CountFate(Fate fate, int bytes)
    {
        _fates[(int)fate]++;
        ArrivedBytes += fate is Fate.Delivered or Fate.Altered ? bytes : 0;
    }
}
