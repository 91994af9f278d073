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
    private readonly byte[] _content = new byte[1 << 16];

    /// <summary>Decodes the messages of a code.</summary>
    /// <param name="code">What the peer says is a code.</param>
    /// <param name="limit">Bytes that the messages may have in all, 0 to 65,536.</param>
    /// <param name="ends">Gets where each message ends; its length is the number of messages.</param>
    /// <param name="content">The messages, one after another; empty where the code is refused.</param>
    /// <returns><see cref="LinkErrorCode.None"/>, or why the code is refused.</returns>
    public LinkErrorCode Decode(ReadOnlySpan<byte> code, int limit, Span<int> ends, out byte[] content)
    {
        content = [];
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
            else if (length == limit)
            {
                return LinkErrorCode.LimitExceeded; // spec 16.1-4
            }
            else
            {
                _content[length++] = (byte)symbol;
            }
        }

        content = _content.AsSpan(0, length).ToArray();
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
