using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Loss;

/// <summary>
/// Drops what is longer than the link takes: its MTU, from an instant on (an MTU that drops in mid-session).
/// </summary>
internal sealed class SizeLimit(int bytes, TimeSpan start) : IChannelRule
{
    public int Bytes => bytes;

    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws) =>
        datagram.Length > bytes && at - Timestamp.Zero >= start ? Verdict.Dropped(Fate.TooLong) : Verdict.Pass;
}
