using System.Numerics;

namespace LinkCodec.Core.Coding;

/// <summary>Range encoder: turns intervals of probability into bytes, within one byte of their entropy.</summary>
/// <remarks>
/// <para>64-bit low and range, bytes leave when the range falls under 2^56, so an interval of 24-bit frequencies loses
/// less than 2^-32 of its size. Carries are resolved before a byte is written, so that a <see cref="Checkpoint"/> can
/// take symbols back.</para>
/// <para>After <see cref="Finish"/> only <see cref="Restore"/> and <see cref="Reset"/> make sense: more symbols would
/// follow the closing byte. Not thread-safe. The buffer grows with the output and is reused after
/// <see cref="Reset"/>.</para>
/// <para>Spec: protocol-spec/05-coding.md, sections 1 and 2. Source: Martin, "Range encoding", 1979; Schindler's
/// byte-wise form.</para>
/// </remarks>
internal sealed class RangeEncoder
{
    private const ulong RenormaliseBelow = 1UL << 56;
    private const int MaxZerosLeftOut = 8;

    private byte[] _buffer = new byte[256];
    private ulong _low;
    private ulong _range = ulong.MaxValue; // spec 5.1-1
    private int _written;
    private int _cache = -1; // The last byte that a carry may still change; -1 before the first.
    private int _pending;    // Bytes 0xFF after it, which a carry would turn to 0.

    /// <summary>
    /// A state to return to, any number of times. Valid until <see cref="Reset"/>, or until the encoder returns to an
    /// older one: the bytes after that one are overwritten.
    /// </summary>
    public readonly record struct Checkpoint
    {
        internal ulong Low { get; init; }

        internal ulong Range { get; init; }

        internal int Written { get; init; }

        internal int Cache { get; init; }

        internal int Pending { get; init; }
    }

    /// <summary>Bytes that <see cref="Finish"/> writes at most if called now.</summary>
    public int MaxLength => _written + (_cache >= 0 ? 1 : 0) + _pending + 1;

    /// <summary>
    /// The information of the symbols coded so far, in 256ths of a bit: never more than it is, and less by at most a
    /// tenth of a bit. Not to be asked for after <see cref="Finish"/>.
    /// </summary>
    internal long Information
    {
        get
        {
            // log2(1 + x) lies above x by 0.0861 at most, 22.04 / 256.
            int whole = BitOperations.Log2(_range);
            long range = (256L * whole) + (long)(_range >> (whole - 8) & 0xFF) + 1 + 23;
            return Math.Max(0, (256L * 8 * (MaxLength + 7)) - range);
        }
    }

    /// <summary>The present state, for <see cref="Restore"/>. Constant cost.</summary>
    public Checkpoint Save() =>
        new() { Low = _low, Range = _range, Written = _written, Cache = _cache, Pending = _pending };

    /// <summary>
    /// Takes back every symbol coded since <paramref name="checkpoint"/>, and <see cref="Finish"/>. Constant cost.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="checkpoint"/> does not come from
    /// <see cref="Save"/>.</exception>
    public void Restore(Checkpoint checkpoint)
    {
        if (checkpoint.Range == 0 || checkpoint.Written > _written)
        {
            throw new ArgumentException("Not a checkpoint of what is coded now.", nameof(checkpoint));
        }

        (_low, _range, _written, _cache, _pending) =
            (checkpoint.Low, checkpoint.Range, checkpoint.Written, checkpoint.Cache, checkpoint.Pending);
    }

    /// <summary>Forgets everything coded and starts anew.</summary>
    public void Reset() => (_low, _range, _written, _cache, _pending) = (0, ulong.MaxValue, 0, -1, 0);

    /// <summary>
    /// Codes the interval [<paramref name="cumulative"/>, <paramref name="cumulative"/> + <paramref name="frequency"/>)
    /// of 2^<paramref name="bits"/>.
    /// </summary>
    /// <param name="cumulative">Sum of the frequencies of the symbols before this one.</param>
    /// <param name="frequency">Frequency of the symbol, at least 1.</param>
    /// <param name="bits">Binary logarithm of the frequencies' sum, 1 to 24.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is empty or leaves the scale.</exception>
    public void Encode(uint cumulative, uint frequency, int bits)
    {
        if ((uint)(bits - 1) >= 24 || frequency == 0 || (ulong)cumulative + frequency > 1UL << bits)
        {
            throw new ArgumentOutOfRangeException(nameof(frequency),
                "The interval must be non-empty and inside the scale.");
        }

        ulong unit = _range >> bits; // spec 5.1-2
        ulong offset = unit * cumulative;
        _low += offset;
        if (_low < offset)
        {
            Carry();
        }

        // The last symbol also takes what the division left over (spec 5.1-3).
        _range = cumulative + frequency == 1u << bits ? _range - offset : unit * frequency;
        while (_range < RenormaliseBelow) // spec 5.1-4
        {
            Shift((byte)(_low >> 56));
            _low <<= 8;
            _range <<= 8;
        }
    }

    /// <summary>
    /// Ends the code with the fewest bytes that name it, given that the decoder reads zeros past the end; no more than
    /// eight zeros are left to it.
    /// </summary>
    /// <returns>The code; owned by the encoder and valid until its next call. May be empty.</returns>
    public ReadOnlySpan<byte> Finish()
    {
        // The interval holds a multiple of 2^56, so one more byte is always enough; and none where it holds a multiple
        // of 2^64, which is its lower end or the carry above it (spec 5.2-1).
        ulong value = 0;
        ulong end = _low + _range; // Exclusive.
        if (end < _low && end != 0)
        {
            Carry();
        }
        else if (_low != 0)
        {
            value = (_low + (RenormaliseBelow - 1)) & ~(RenormaliseBelow - 1);
        }

        Shift((byte)(value >> 56));
        Shift(0); // Pushes the byte before it out of reach of carries.
        int whole = _written;
        int least = Math.Max(0, whole - MaxZerosLeftOut); // spec 5.2-4
        int length = whole;
        while (length > least && _buffer[length - 1] == 0) // spec 5.2-1
        {
            length--;
        }

        return _buffer.AsSpan(0, length);
    }

    private void Carry()
    {
        // Intervals nest, so a carry comes at most once for each byte: the cache never wraps.
        if (_pending == 0)
        {
            _cache++;
            return;
        }

        Write((byte)(_cache + 1));
        for (; _pending > 1; _pending--)
        {
            Write(0);
        }

        _pending = 0;
        _cache = 0;
    }

    private void Shift(byte value)
    {
        if (_cache >= 0 && value == 0xFF)
        {
            _pending++;
            return;
        }

        Flush(_cache);
        _cache = value;
    }

    private void Flush(int cache)
    {
        if (cache >= 0)
        {
            Write((byte)cache);
        }

        for (; _pending > 0; _pending--)
        {
            Write(0xFF);
        }
    }

    private void Write(byte value)
    {
        if (_written == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _buffer[_written++] = value;
    }
}
