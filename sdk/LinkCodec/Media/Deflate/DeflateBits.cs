using System.Runtime.InteropServices;

namespace LinkCodec.Media.Deflate;

/// <summary>A stream of bits, the lowest of each byte first.</summary>
internal sealed class DeflateBits
{
    private readonly List<byte> _bytes = [];
    private uint _held;
    private int _count;

    /// <summary>The bytes that are whole.</summary>
    public ReadOnlySpan<byte> Whole => CollectionsMarshal.AsSpan(_bytes);

    /// <summary>Adds bits.</summary>
    public void Put(int value, int count)
    {
        _held |= (uint)value << _count;
        _count += count;
        for (; _count >= 8; _count -= 8, _held >>= 8)
        {
            _bytes.Add((byte)_held);
        }
    }

    /// <summary>Goes on with a new byte.</summary>
    public void Align()
    {
        if (_count > 0)
        {
            Put(0, 8 - _count);
        }
    }

    /// <summary>Adds the length of a stored block, and its bytes.</summary>
    public void PutStored(ReadOnlySpan<byte> content)
    {
        Align();
        Put(content.Length & 0xFFFF, 16);
        Put(~content.Length & 0xFFFF, 16);
        _bytes.AddRange(content);
    }

    /// <summary>All bytes.</summary>
    public byte[] ToArray() => [.. _bytes];
}
