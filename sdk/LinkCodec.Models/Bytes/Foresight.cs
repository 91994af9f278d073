namespace LinkCodec.Models.Bytes;

/// <summary>
/// Symbols of one stream that are known beforehand, and the weights after some of them: an encoder's and a learner's
/// network takes them in blocks, for which its own weights are read from memory once.
/// </summary>
/// <remarks>
/// A block's state runs ahead of the stream. The state before the block is kept, so that a stream which goes on
/// otherwise than it was said to can be brought back. Memory: 25 KB and the stream's state, taken when first used.
/// </remarks>
internal sealed class Foresight
{
    /// <summary>Symbols of a block: four times the rows that the kernel multiplies together.</summary>
    internal const int Block = 24;

    private const int Row = ByteNetShape.Tokens;
    private readonly uint[] _weights = new uint[Block * Row];
    private readonly float[] _before;
    private byte[] _text = [];
    private int _length;
    private int _next;  // the symbol that the stream is expected to take next
    private int _first; // the block's first symbol
    private int _count; // symbols of the block

    internal Foresight(ByteNetShape shape) => _before = new float[shape.States * shape.Width];

    /// <summary>Whether there is anything to go by.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>The weights after the symbol that was taken last.</summary>
    internal ReadOnlySpan<uint> Weights => _weights.AsSpan((_next - 1 - _first) * Row, Row);

    /// <summary>The state before the block.</summary>
    internal Span<float> Before => _before;

    /// <summary>Whether a weight of this block, and not of the stream's own row, is the present one.</summary>
    internal bool HasWeights => IsOpen && _next > _first;

    /// <summary>The block's symbols that the stream has taken.</summary>
    internal ReadOnlySpan<byte> Taken => _text.AsSpan(_first, _next - _first);

    /// <summary>Whether the block's state is the stream's.</summary>
    internal bool IsEven => _next == _first + _count;

    /// <summary>Takes the symbols that a stream, which has just been started, will take.</summary>
    internal void Begin(ReadOnlySpan<byte> symbols)
    {
        if (_text.Length < symbols.Length)
        {
            _text = new byte[Math.Max(symbols.Length, 2 * _text.Length)];
        }

        symbols.CopyTo(_text);
        (_length, _next, _first, _count, IsOpen) = (symbols.Length, 0, 0, 0, true);
    }

    /// <summary>Gives the foresight up.</summary>
    internal void End() => IsOpen = false;

    /// <summary>Takes a symbol as foreseen.</summary>
    /// <returns>False if another one was foreseen, or none.</returns>
    internal bool TryTake(int symbol)
    {
        if (_next == _length || _text[_next] != symbol)
        {
            return false;
        }

        _next++;
        return true;
    }

    /// <summary>Whether the symbol that was just taken lies behind the block, which <see cref="Advance"/> then
    /// moves.</summary>
    internal bool NeedsBlock => _next > _first + _count;

    /// <summary>Makes a block that begins with the symbol that was just taken.</summary>
    /// <returns>Its symbols.</returns>
    internal ReadOnlySpan<byte> Advance()
    {
        _first = _next - 1;
        _count = Math.Min(Block, _length - _first);
        return _text.AsSpan(_first, _count);
    }

    /// <summary>Room for the weights after a symbol of the block.</summary>
    internal Span<uint> WeightsAfter(int place) => _weights.AsSpan(place * Row, Row);

    /// <summary>Becomes equal to another one.</summary>
    internal void CopyFrom(Foresight other)
    {
        Begin(other._text.AsSpan(0, other._length));
        (_next, _first, _count, IsOpen) = (other._next, other._first, other._count, other.IsOpen);
        other._weights.CopyTo(_weights, 0);
        other._before.CopyTo(_before, 0);
    }
}
