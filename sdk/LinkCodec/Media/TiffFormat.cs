using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>TIFF of one image: strips or tiles of 8 or 16 bits, without compression, or with LZW, Deflate or
/// PackBits. Without compression and in strips it is restored byte for byte.</summary>
internal sealed class TiffFormat : MediaFormat
{
    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file) =>
        file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8);

    /// <inheritdoc/>
    public override bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out MediaSamples? samples,
        [NotNullWhen(false)] out string? problem)
    {
        samples = null;
        if (!TiffDirectory.TryRead(file.Span, out TiffDirectory? tags, out problem))
        {
            return false;
        }

        MediaSamples shape = new()
        {
            Kind = MediaKind.Image,
            Width = tags.Width,
            Height = tags.Height,
            Planes = tags.Planes,
            BitDepth = tags.BitDepth,
            SamplesWrapper = [(byte)WrapperKind.Tiff, (byte)tags.Photometric, (byte)(tags.IsSigned ? 1 : 0)],
        };
        if (!tags.IsTiled && tags.Compression == TiffDirectory.Uncompressed
            && TryFindRuns(tags, file.Length, shape.Length, out Skeleton? skeleton))
        {
            samples = skeleton.Read(file.Span, shape with { FileWrapper = skeleton.ToWrapper(file.Span) });
            return true;
        }

        return TiffPieces.TryRead(file, tags, shape, out samples, out problem);
    }

    // The strips, where they stand in the order of their rows and are all there.
    private static bool TryFindRuns(TiffDirectory tags, long fileLength, long length,
        [NotNullWhen(true)] out Skeleton? skeleton)
    {
        skeleton = null;
        List<(int Gap, int Length)> runs = [];
        long at = 0;
        long left = length;
        long row = (long)tags.Width * (tags.IsPlanar ? 1 : tags.Planes) * (tags.BitDepth / 8);
        for (int i = 0; i < tags.Offsets.Count; i++)
        {
            int rowsBefore = i % tags.PiecesDown * tags.PieceHeight;
            long size = row * Math.Min(tags.PieceHeight, tags.Height - rowsBefore);
            if (tags.Offsets[i] < at || tags.Offsets[i] + size > fileLength || size > tags.Lengths[i] || size > left)
            {
                return false;
            }

            int gap = (int)(tags.Offsets[i] - at);
            if (gap == 0 && runs.Count > 0)
            {
                runs[^1] = (runs[^1].Gap, runs[^1].Length + (int)size);
            }
            else
            {
                runs.Add((gap, (int)size));
            }

            at = tags.Offsets[i] + size;
            left -= size;
        }

        skeleton = new Skeleton
        {
            IsBigEndian = tags.IsBigEndian && tags.BitDepth > 8,
            IsTurned = tags.IsSigned,
            IsPlanar = tags.IsPlanar,
            Runs = runs,
        };
        return left == 0;
    }
}
