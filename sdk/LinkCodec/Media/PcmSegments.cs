using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Media;

/// <summary>
/// Sound as it comes, cut into segments, each of which is the content of a message and decodes alone. The other end's
/// messages, one after the other, are the sound. Spec: protocol-spec/12-media.md, sections 12.1 and 12.4.
/// </summary>
/// <param name="format">What the samples are.</param>
/// <param name="length">The length of a segment at most.</param>
internal sealed class PcmSegments(PcmFormat format, TimeSpan length)
{
    /// <summary>Samples a channel of a segment.</summary>
    public int Samples { get; } = (int)Math.Clamp(Math.Round(format.Rate * length.TotalSeconds), 1,
        CarriedForm.MaxPartSamples / format.Channels);

    /// <summary>The time that a segment takes.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds((double)Samples / format.Rate);

    /// <summary>Reads a sound to its end, a segment as soon as it is there; the last one may be shorter.</summary>
    /// <exception cref="LinkException">The sound ends inside of a sample.</exception>
    public async IAsyncEnumerable<byte[]> ReadAsync(PipeReader input,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int wanted = Samples * format.FrameLength;
        while (true)
        {
            ReadResult read = await input.ReadAtLeastAsync(wanted, cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            while (rest.Length >= wanted)
            {
                byte[] segment = rest.Slice(0, wanted).ToArray();
                rest = rest.Slice(wanted);
                yield return segment;
            }

            byte[] last = read.IsCompleted ? rest.ToArray() : [];
            input.AdvanceTo(read.IsCompleted ? rest.End : rest.Start, rest.End);
            if (!read.IsCompleted)
            {
                continue;
            }

            int whole = last.Length / format.FrameLength * format.FrameLength;
            if (whole > 0)
            {
                yield return last[..whole];
            }

            if (whole < last.Length)
            {
                throw new LinkException(LinkErrorCode.Malformed,
                    $"The sound ends inside of a sample: {last.Length - whole} bytes are left.");
            }

            yield break;
        }
    }

    /// <summary>The content of the message that carries a segment; the other end gives out the same bytes.</summary>
    public byte[] Carry(byte[] segment)
    {
        Skeleton skeleton = new()
        {
            IsBigEndian = false,
            IsTurned = format.BitDepth == 8,
            Runs = [(0, segment.Length)],
        };
        int samples = segment.Length / format.FrameLength;
        return skeleton.Read(segment, new MediaSamples
        {
            Kind = MediaKind.Sound,
            Width = samples,
            Planes = format.Channels,
            BitDepth = format.BitDepth,
            Rate = format.Rate,
        }).ToContent(samples, skeleton.ToWrapper(segment));
    }
}
