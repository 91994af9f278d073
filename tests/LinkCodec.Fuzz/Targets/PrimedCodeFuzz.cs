using LinkCodec.Core.PrimedMixing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Codes of primed mixing behind a byte that says how many messages they hold: refused, or decoded within their limit,
/// alike each time, and to messages that come back from their own code.
/// </summary>
internal static class PrimedCodeFuzz
{
    private const int Most = 64; // bytes of messages that are decoded
    private static readonly PrimedDecoder Decoder = new(PrimedModel.BuiltIn);
    private static readonly PrimedEncoder Encoder = new(PrimedModel.BuiltIn);

    public static void Run(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        int[] ends = new int[1 + (data[0] & 3)];
        LinkErrorCode error = Decoder.Decode(data[1..], Most, ends, out byte[] content);
        if (error is not (LinkErrorCode.None or LinkErrorCode.Malformed or LinkErrorCode.LimitExceeded)
            || content.Length > Most || (error != LinkErrorCode.None && content.Length > 0))
        {
            throw new InvalidOperationException($"{error} with {content.Length} bytes");
        }

        if (error == LinkErrorCode.None)
        {
            ReadOnlyMemory<byte>[] messages = [.. ends.Select((end, i) =>
                (ReadOnlyMemory<byte>)content.AsMemory((i == 0 ? 0 : ends[i - 1])..end))];
            ReadOnlySpan<byte> code = Encoder.Fill(messages, 4 * Most, out int count);
            int[] again = new int[count];
            if (count > 0 && (Decoder.Decode(code, Most, again, out byte[] restored) != LinkErrorCode.None
                || !again.AsSpan().SequenceEqual(ends.AsSpan(0, count))
                || !restored.AsSpan().SequenceEqual(content.AsSpan(0, ends[count - 1]))))
            {
                throw new InvalidOperationException("coded and not restored");
            }
        }
    }
}
