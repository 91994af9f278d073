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
    /// <param name="samples">The part's bytes.</param>
    /// <returns>The code; empty where a sample does not fit the bit depth, or the code would be too short for what it
    /// stands for, or not shorter: then the part travels otherwise.</returns>
    internal static byte[] Encode(CarriedForm form, int part, ReadOnlySpan<byte> samples)
    {
        byte[] code = form.Kind == MediaKind.Sound ? EncodeSound(form, samples) : EncodeTile(form, part, samples);
        return code.Length < samples.Length && samples.Length <= Most(code.Length) ? code : []; // spec 12.2-3
    }

    /// <summary>Decodes a part. Peer bytes: never throws.</summary>
    /// <param name="code">The code.</param>
    /// <param name="samples">The part's bytes; empty unless the result is <see cref="LinkErrorCode.None"/>.</param>
    internal static LinkErrorCode Decode(ReadOnlySpan<byte> code, out byte[] samples)
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
            default:
                return LinkErrorCode.Malformed; // spec 12.2-1
        }
    }

    private static long Most(int code) => Expansion * (long)(code + Header);

    private static byte[] EncodeTile(CarriedForm form, int part, ReadOnlySpan<byte> samples)
    {
        (_, _, int width, int height) = form.Tile(part);
        ushort[] values = new ushort[width * height * form.Planes];
        SampleBytes.Read(samples, form.SampleBytes, values);
        return values.AsSpan().ContainsAnyExceptInRange((ushort)0, (ushort)((1 << form.BitDepth) - 1))
            ? samples.ToArray()
            : [(byte)MediaKind.Image, .. ImageEncoder.Encode(new SamplePlanes(width, height, form.Planes,
                form.BitDepth, values))];
    }

    private static byte[] EncodeSound(CarriedForm form, ReadOnlySpan<byte> samples)
    {
        int[] values = new int[samples.Length / form.SampleBytes];
        SampleBytes.Read(samples, form.SampleBytes, values);
        int most = (1 << (form.BitDepth - 1)) - 1;
        return values.AsSpan().ContainsAnyExceptInRange(-most - 1, most)
            ? samples.ToArray()
            : [(byte)MediaKind.Sound, .. new AudioEncoder(form.Audio).Encode(values)];
    }
}
