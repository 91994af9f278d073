using LinkCodec.Core.Coding;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>Reads codes of messages. Peer bytes never throw. Not thread-safe: each worker has its own.</summary>
internal sealed class PrimedDecoder(PrimedModel model)
{
    // Zeros past the end of a code that an encoder wrote. spec 5.4-4
    private const int MaxBytesPastEnd = 16;

    private readonly PrimedCoder _coder = new(model);

    /// <summary>Decodes the messages of a code.</summary>
    /// <param name="code">What the peer says is a code.</param>
    /// <param name="content">Room for the messages, one after another; more are refused. Overwritten in any
    /// case.</param>
    /// <param name="ends">Gets where each message ends; its length is the number of messages.</param>
    /// <returns><see cref="LinkErrorCode.None"/>, or why the code is refused.</returns>
    public LinkErrorCode Decode(ReadOnlySpan<byte> code, Span<byte> content, Span<int> ends)
    {
        RangeDecoder decoder = new(code);
        RangeReader reader = new(ref decoder, code);
        _coder.Begin();
        int length = 0;
        for (int i = 0; i < ends.Length;)
        {
            int symbol = _coder.Code(ref reader, 0);
            if (decoder.BytesPastEnd > MaxBytesPastEnd)
            {
                return LinkErrorCode.Malformed;
            }

            if (symbol == PrimedCoder.End)
            {
                ends[i++] = length;
            }
            else if (length == content.Length)
            {
                return LinkErrorCode.LimitExceeded; // spec 16.1-4
            }
            else
            {
                content[length++] = (byte)symbol;
            }
        }

        return LinkErrorCode.None;
    }

    private readonly ref struct RangeReader : IBinaryCoder
    {
        private readonly ref RangeDecoder _decoder;
        private readonly ReadOnlySpan<byte> _code;

        public RangeReader(ref RangeDecoder decoder, ReadOnlySpan<byte> code)
        {
            _decoder = ref decoder;
            _code = code;
        }

        public bool Code(int yes, bool isYes) => _decoder.DecodeBit(_code, (uint)(65536 - yes), 16);
    }
}
