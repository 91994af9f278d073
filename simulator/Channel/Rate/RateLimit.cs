using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Rate;

/// <summary>
/// A transmitter of a fixed rate behind a queue of bounded size: what comes when the queue is full is dropped.
/// </summary>
/// <remarks>
/// Exact: the fractions of a microsecond are carried from datagram to datagram, so a long run sends at the rate and not
/// a bit more or less.
/// </remarks>
/// <param name="rate">Bits per second, more than zero.</param>
/// <param name="queueBytes">Bytes that may wait, the datagram on the air not counted; an idle transmitter takes any
/// datagram.</param>
internal sealed class RateLimit(DataRate rate, int queueBytes) : IChannelRule
{
    private readonly Queue<(Int128 StartsAt, int Size)> _waiting = new();
    private Int128 _freeAt = long.MinValue; // In microseconds times bits per second: no division, no rounding.
    private long _waitingBytes;

    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws)
    {
        Int128 now = (Int128)at.Microseconds * rate.BitsPerSecond;
        while (_waiting.TryPeek(out (Int128 StartsAt, int Size) first) && first.StartsAt <= now)
        {
            _waitingBytes -= _waiting.Dequeue().Size;
        }

        bool idle = _freeAt <= now;
        if (!idle && _waitingBytes + datagram.Length > queueBytes)
        {
            return Verdict.Dropped(Fate.QueueFull);
        }

        Int128 start = idle ? now : _freeAt;
        if (!idle)
        {
            _waiting.Enqueue((start, datagram.Length));
            _waitingBytes += datagram.Length;
        }

        _freeAt = start + ((Int128)datagram.Length * 8 * 1_000_000);
        Int128 wait = (_freeAt - now + rate.BitsPerSecond - 1) / rate.BitsPerSecond;
        return Verdict.Held(TimeSpan.FromMicroseconds((long)wait));
    }
}
