using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Security;

/// <summary>Gives the bytes of a vector, in order; fails when more are asked for.</summary>
internal sealed class FixedRandom(ReadOnlyMemory<byte> bytes) : RandomSource
{
    private ReadOnlyMemory<byte> _rest = bytes;

    public override void Fill(Span<byte> destination)
    {
        _rest.Span[..destination.Length].CopyTo(destination);
        _rest = _rest[destination.Length..];
    }
}
