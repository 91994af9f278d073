using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>
/// The code of one part of a carried form, and back. Spec: protocol-spec/12-media.md, section 12.2.
/// </summary>
internal static class MediaCode
{
    /// <summary>The most samples that a code stands for: two to four seconds of work on one core.</summary>
    internal const int MaxSamples = 1 << 18;

    /// <summary>Bytes of samples that a code may stand for, for each of its own and 16 more.</summary>
    internal const int Expansion = 256;

    private const int Header = 16;

    /// <summary>Codes a part.</summary>
    /// <param name="form">The layout of the content.</param>
    /// <param name="part">Which part.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="isFast">Whether an image or a cube takes the fast code.</param>
    /// <returns>The code; empty where a sample does not fit the bit depth, or the code would be too short for what it
    /// stands for, or not shorter: then the part travels otherwise.</returns>
    internal static byte[] Encode(CarriedForm form, int part, ReadOnlySpan<byte> content, bool isFast = false)
    {
        (int start, int end) = form.Part(part);
        ReadOnlySpan<byte> samples = content[start..end];
        byte[] code = form.Kind switch
        {
            MediaKind.Sound => EncodeSound(form, samples),
            MediaKind.Signal => EncodeSignal(form, samples),
            MediaKind.Video => EncodeVideo(VideoParts.HeaderOf(form, part), content, start, end),
            _ => EncodeTile(form, part, samples, isFast),
        };
        return code.Length < samples.Length && samples.Length <= Most(code.Length) ? code : []; // spec 12.2-3
    }

    /// <summary>What of the content before a part its code needs. Peer bytes: never throws.</summary>
    /// <param name="code">The code.</param>
    /// <param name="back">Bytes from the first that it needs to the part's first.</param>
    /// <param name="length">Bytes that it needs.</param>
    /// <returns>Whether it needs any.</returns>
    internal static bool NeedsBefore(ReadOnlySpan<byte> code, out int back, out int length)
    {
        (back, length) = (0, 0);
        if (code.IsEmpty || code[0] != (byte)MediaKind.Video || !VideoHeader.TryRead(code[1..], out VideoHeader header,
            out _))
        {
            return false;
        }

        (back, length) = (header.Back, header.ReferenceBytes);
        return length > 0;
    }

    /// <summary>Decodes a part. Peer bytes: never throws.</summary>
    /// <param name="code">The code.</param>
    /// <param name="before">What <see cref="NeedsBefore"/> says that it needs.</param>
    /// <param name="samples">The part's bytes; empty unless the result is <see cref="LinkErrorCode.None"/>.</param>
    internal static LinkErrorCode Decode(ReadOnlySpan<byte> code, ReadOnlySpan<byte> before, out byte[] samples)
    {
        samples = [];
        MediaLimits limits = new(MaxSamples); // spec 12.2-2
        long most = Most(code.Length);
        if (code.IsEmpty)
        {
            return LinkErrorCode.Malformed;
        }

        LinkErrorCode error;
        switch ((MediaKind)code[0])
        {
            case MediaKind.Image:
                if (!ImageHeader.TryRead(code[1..], out ImageHeader image, out _)
                    || image.Height > MediaLimits.MaxWidth)
                {
                    return LinkErrorCode.Malformed; // spec 12.2-1
                }

                if (image.Samples * ((image.BitDepth + 7) / 8) > most)
                {
                    return LinkErrorCode.LimitExceeded; // spec 12.2-3
                }

                error = ImageDecoder.Decode(code[1..], limits, out SamplePlanes? planes);
                samples = error == LinkErrorCode.None ? SampleBytes.Of(planes!) : [];
                return error;
            case MediaKind.Sound:
                if (!AudioHeader.TryRead(code[1..], out AudioHeader sound, out _) || sound.Length == 0)
                {
                    return LinkErrorCode.Malformed; // spec 12.2-1
                }

                if (sound.Samples * ((sound.Format.BitDepth + 7) / 8) > most)
                {
                    return LinkErrorCode.LimitExceeded; // spec 12.2-3
                }

                error = new AudioDecoder().Decode(code[1..], limits, out AudioFormat format, out int[] values);
                samples = error == LinkErrorCode.None ? SampleBytes.Of(values, format.BitDepth) : [];
                return error;
            case MediaKind.Signal:
                if (!SignalHeader.TryRead(code[1..], out SignalHeader signal, out _))
                {
                    return LinkErrorCode.Malformed; // spec 12.2-1
                }

                if (signal.SamplesLength > most)
                {
                    return LinkErrorCode.LimitExceeded; // spec 12.2-3
                }

                error = SignalSegment.Decode(code[1..], limits, out SignalFormat shape, out int[] times);
                samples = error == LinkErrorCode.None ? SampleBytes.Of(times, shape.BitDepth) : [];
                return error;
            case MediaKind.Cube or MediaKind.Fast:
                if (!CubeHeader.TryRead(code[1..], out CubeHeader cube, out _))
                {
                    return LinkErrorCode.Malformed; // spec 12.2-1
                }

                if (cube.SamplesLength > most)
                {
                    return LinkErrorCode.LimitExceeded; // spec 12.2-3
                }

                error = code[0] == (byte)MediaKind.Cube
                    ? CubeTile.Decode(code[1..], limits, out cube, out ushort[] bands)
                    : FastTile.Decode(code[1..], limits, out cube, out bands);
                samples = new byte[error == LinkErrorCode.None ? cube.SamplesLength : 0];
                SampleBytes.Write(bands, (cube.BitDepth + 7) / 8, samples);
                return error;
            case MediaKind.Video:
                return VideoHeader.TryRead(code[1..], out VideoHeader video, out _)
                    && video.Samples * video.Format.SampleBytes > most
                    ? LinkErrorCode.LimitExceeded // spec 12.2-3
                    : VideoDecoder.Decode(code[1..], limits, before, out samples);
            default:
                return LinkErrorCode.Malformed; // spec 12.2-1
        }
    }

    private static long Most(int code) => Expansion * (long)(code + Header);

    private static byte[] EncodeTile(CarriedForm form, int part, ReadOnlySpan<byte> samples, bool isFast)
    {
        (_, _, int width, int height) = form.Tile(part);
        ushort[] values = new ushort[width * height * form.Planes];
        SampleBytes.Read(samples, form.SampleBytes, values);
        if (values.AsSpan().ContainsAnyExceptInRange((ushort)0, (ushort)((1 << form.BitDepth) - 1)))
        {
            return samples.ToArray();
        }

        CubeHeader header = new(width, height, form.Planes, form.BitDepth);
        return isFast
            ? [(byte)MediaKind.Fast, .. FastTile.Encode(header, values)]
            : form.Kind == MediaKind.Cube
            ? [(byte)MediaKind.Cube, .. CubeTile.Encode(header, values)]
            : [(byte)MediaKind.Image, .. ImageEncoder.Encode(new SamplePlanes(width, height, form.Planes,
                form.BitDepth, values))];
    }

    private static byte[] EncodeVideo(in VideoHeader header, ReadOnlySpan<byte> content, int start, int end)
    {
        byte[] code = VideoEncoder.Encode(header, content.Slice(start - header.Back, header.ReferenceBytes),
            content[start..end]);
        return code.Length == 0 ? content[start..end].ToArray() : [(byte)MediaKind.Video, .. code];
    }

    private static byte[] EncodeSound(CarriedForm form, ReadOnlySpan<byte> samples) =>
        TryRead(form, samples, out int[] values)
            ? [(byte)MediaKind.Sound, .. new AudioEncoder(form.Audio).Encode(values)]
            : samples.ToArray();

    private static byte[] EncodeSignal(CarriedForm form, ReadOnlySpan<byte> samples) =>
        TryRead(form, samples, out int[] values)
            ? [(byte)MediaKind.Signal, .. SignalSegment.Encode(form.Signal, values)]
            : samples.ToArray();

    // Signed samples; false where one does not fit the bit depth.
    private static bool TryRead(CarriedForm form, ReadOnlySpan<byte> samples, out int[] values)
    {
        values = new int[samples.Length / form.SampleBytes];
        SampleBytes.Read(samples, form.SampleBytes, values);
        int most = (1 << (form.BitDepth - 1)) - 1;
        return !values.AsSpan().ContainsAnyExceptInRange(-most - 1, most);
    }
}
