using LinkCodec.Core.Coding;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>Writes codes of messages, each as many messages as fit. Not thread-safe: each worker has its own.</summary>
internal sealed class PrimedEncoder(PrimedModel model)
{
    // An end and the end of the code nearly always take no more room than this.
    private const int EndRoom = 5;

    // Bytes of a message between two looks at how long the code has become.
    private const int LookEvery = 16;

    // A code that has not become shorter than its content after so many bytes does not become so.
    private const int Patience = 256;

    private readonly PrimedCoder _coder = new(model);
    private readonly RangeEncoder _encoder = new();

    /// <summary>Codes messages from the first on, as many as fit.</summary>
    /// <param name="messages">Consecutive messages.</param>
    /// <param name="room">Bytes that the code may have.</param>
    /// <param name="count">The messages that are in the code; 0 where not even the first fits or gets shorter.</param>
    /// <returns>The code; valid until the next one.</returns>
    public ReadOnlySpan<byte> Fill(
        ReadOnlySpan<ReadOnlyMemory<byte>> messages, int room, out int count)
    {
        count = 0;
        int content = 0;
        int length = 0;
        _coder.Begin();
        _encoder.Reset();
        RangeEncoder.Checkpoint accepted = _encoder.Save();
        RangeWriter writer = new(_encoder);
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            content += message.Length;
            if (content > PrimedLayout.Content(room, count + 1) || !TryCode(ref writer, message.Span, room, content))
            {
                break;
            }

            accepted = _encoder.Save();
            length = content;
            count++;
        }

        _encoder.Restore(accepted);
        ReadOnlySpan<byte> code = _encoder.Finish();
        count = code.Length < length + count ? count : 0;
        return code;
    }

    /// <summary>Codes a stretch of a message, as much of it as fits.</summary>
    /// <param name="content">The message from the stretch's start on.</param>
    /// <param name="room">Bytes that the code may have.</param>
    /// <param name="length">The stretch's bytes.</param>
    /// <returns>The code; valid until the next one.</returns>
    public ReadOnlySpan<byte> FillPart(ReadOnlySpan<byte> content, int room, out int length)
    {
        _coder.Begin();
        _encoder.Reset();
        RangeWriter writer = new(_encoder);
        length = 0;
        int most = Math.Min(content.Length, PrimedLayout.Content(room, 1));
        while (length < most && _encoder.MaxLength <= room - EndRoom
            && (length < Patience || _encoder.MaxLength < length))
        {
            _coder.Code(ref writer, content[length++]);
        }

        _coder.Code(ref writer, PrimedCoder.End);
        return _encoder.Finish();
    }

    private bool TryCode(ref RangeWriter writer, ReadOnlySpan<byte> message, int room, int content)
    {
        for (int i = 0; i < message.Length; i++)
        {
            if (i % LookEvery == 0 && (_encoder.MaxLength > room
                || (i >= Patience && _encoder.MaxLength > content - message.Length + i)))
            {
                return false;
            }

            _coder.Code(ref writer, message[i]);
        }

        _coder.Code(ref writer, PrimedCoder.End);
        return _encoder.MaxLength <= room;
    }

    private readonly struct RangeWriter(RangeEncoder encoder) : IBinaryCoder
    {
        public bool Code(int yes, bool isYes)
        {
            uint no = (uint)(65536 - yes); // spec 16.1-1
            if (isYes)
            {
                encoder.Encode(no, (uint)yes, 16);
            }
            else
            {
                encoder.Encode(0, no, 16);
            }

            return isYes;
        }
    }
}
