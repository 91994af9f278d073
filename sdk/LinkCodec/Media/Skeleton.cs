using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Media;

/// <summary>
/// A file in which samples stand as they are, in runs between other bytes: what those are and where, so that it is
/// restored byte for byte. Spec: protocol-spec/12-media.md, section 12.4.
/// </summary>
internal sealed class Skeleton
{
    /// <summary>Bytes of a sample, the highest first.</summary>
    public required bool IsBigEndian { get; init; }

    /// <summary>Whether the highest bit of each is turned: a sound that is unsigned, an image that is signed.</summary>
    public bool IsTurned { get; init; }

    /// <summary>Whether an image stands plane by plane.</summary>
    public bool IsPlanar { get; init; }

    /// <summary>Where the samples stand: bytes of others before each run, and bytes of the run.</summary>
    public required IReadOnlyList<(int Gap, int Length)> Runs { get; init; }

    /// <summary>The wrapper of a file.</summary>
    public byte[] ToWrapper(ReadOnlySpan<byte> file)
    {
        List<byte> wrapper = [(byte)WrapperKind.Skeleton, (byte)((IsBigEndian ? 1 : 0) | (IsTurned ? 2 : 0)
            | (IsPlanar ? 4 : 0))];
        WrapperReader.Add(wrapper, Runs.Count);
        foreach ((int gap, int length) in Runs)
        {
            WrapperReader.Add(wrapper, gap);
            WrapperReader.Add(wrapper, length);
        }

        int at = 0;
        foreach ((int gap, int length) in Runs)
        {
            wrapper.AddRange(file.Slice(at, gap));
            at += gap + length;
        }

        wrapper.AddRange(file[at..]);
        return [.. wrapper];
    }

    /// <summary>Takes the samples of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shape">What they are; comes back with samples.</param>
    public MediaSamples Read(ReadOnlySpan<byte> file, MediaSamples shape)
    {
        int each = (shape.BitDepth + 7) / 8;
        byte[] plain = new byte[shape.Length];
        int at = 0;
        int to = 0;
        foreach ((int gap, int length) in Runs)
        {
            file.Slice(at + gap, length).CopyTo(plain.AsSpan(to));
            at += gap + length;
            to += length;
        }

        Turn(plain, each, isToFile: false);
        if (shape.IsInTime)
        {
            int[] sound = new int[plain.Length / each];
            SampleBytes.Read(plain, each, sound);
            return shape with { Sound = sound };
        }

        ushort[] pixels = new ushort[plain.Length / each];
        SampleBytes.Read(plain, each, pixels);
        return shape with { Pixels = IsPlanar ? pixels : Planes.Of(pixels, shape.Planes) };
    }

    /// <summary>Restores a file; null where the wrapper does not suit the samples. Peer bytes: never throws.</summary>
    public static byte[]? Restore(MediaSamples samples, ReadOnlySpan<byte> wrapper)
    {
        WrapperReader reader = new(wrapper);
        int flags = reader.Byte();
        int count = reader.Number();
        if (count > wrapper.Length)
        {
            return null;
        }

        (int Gap, int Length)[] runs = new (int, int)[count];
        long gaps = 0;
        long lengths = 0;
        for (int i = 0; i < count; i++)
        {
            runs[i] = (reader.Number(), reader.Number());
            gaps += runs[i].Gap;
            lengths += runs[i].Length;
        }

        ReadOnlySpan<byte> others = reader.Rest;
        if (!reader.IsWell || samples.Kind == MediaKind.Video || lengths != samples.Length || gaps > others.Length)
        {
            return null;
        }

        Skeleton skeleton = new()
        {
            IsBigEndian = (flags & 1) != 0,
            IsTurned = (flags & 2) != 0,
            IsPlanar = (flags & 4) != 0,
            Runs = runs,
        };
        return skeleton.Write(samples, others);
    }

    private byte[] Write(MediaSamples samples, ReadOnlySpan<byte> others)
    {
        int each = (samples.BitDepth + 7) / 8;
        byte[] plain = new byte[samples.Length];
        if (samples.IsInTime)
        {
            plain = SampleBytes.Of(samples.Sound, samples.BitDepth);
        }
        else
        {
            SampleBytes.Write(IsPlanar ? samples.Pixels : Planes.Join(samples.Pixels, samples.Planes), each, plain);
        }

        Turn(plain, each, isToFile: true);
        byte[] file = new byte[plain.Length + others.Length];
        int at = 0;
        int from = 0;
        foreach ((int gap, int length) in Runs)
        {
            others[..gap].CopyTo(file.AsSpan(at));
            others = others[gap..];
            plain.AsSpan(from, length).CopyTo(file.AsSpan(at + gap));
            (at, from) = (at + gap + length, from + length);
        }

        others.CopyTo(file.AsSpan(at));
        return file;
    }

    // From the order of the file to that of a carried form, or back.
    private void Turn(Span<byte> plain, int each, bool isToFile)
    {
        for (int at = 0; at + each <= plain.Length && (IsBigEndian || IsTurned); at += each)
        {
            Span<byte> sample = plain.Slice(at, each);
            if (IsBigEndian)
            {
                sample.Reverse();
            }

            if (IsTurned)
            {
                sample[isToFile && IsBigEndian ? 0 : each - 1] ^= 0x80;
            }
        }
    }
}
