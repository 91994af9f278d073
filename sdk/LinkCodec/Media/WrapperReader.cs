using LinkCodec.Core.Primitives;

namespace LinkCodec.Media;

/// <summary>Reads a wrapper from behind its first byte. Peer bytes: never throws; what is missing is zero, and said
/// so.</summary>
internal ref struct WrapperReader(ReadOnlySpan<byte> wrapper)
{
    private ReadOnlySpan<byte> _rest = wrapper;

    /// <summary>Whether all that was asked for was there.</summary>
    public bool IsWell { get; private set; } = true;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public int Byte()
    {
        ReadOnlySpan<byte> taken = Bytes(1);
        return taken.IsEmpty ? 0 : taken[0];
    }

    public int Number()
    {
        IsWell &= VarInt.TryRead(_rest, out ulong value, out int length) && value <= int.MaxValue;
        if (!IsWell)
        {
            return 0;
        }

        _rest = _rest[length..];
        return (int)value;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        IsWell &= count >= 0 && count <= _rest.Length;
        if (!IsWell)
        {
            return [];
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>Adds a number to a wrapper.</summary>
    public static void Add(List<byte> wrapper, int value)
    {
        Span<byte> number = stackalloc byte[8];
        wrapper.AddRange(number[..VarInt.Write(number, (ulong)value)]);
    }
}
