using LinkCodec.Core.Primitives;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Variable-length integers: what is read has a length within the input, and is written back no longer than it was.
/// </summary>
internal static class VarIntFuzz
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        if (!VarInt.TryRead(input, out ulong value, out int length))
        {
            return;
        }

        Span<byte> again = stackalloc byte[8];
        int written = VarInt.Write(again, value);
        if (length > input.Length || written > length || !VarInt.TryRead(again[..written], out ulong second, out _)
            || second != value)
        {
            throw new InvalidOperationException($"{value} does not come back");
        }
    }
}
