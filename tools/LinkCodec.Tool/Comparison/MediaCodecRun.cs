using System.Collections.Concurrent;
using System.Diagnostics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;
using LinkCodec.Models.Zstd;

namespace LinkCodec.Tool.Comparison;

/// <summary>LinkCodec over one file of an image or a sound, as it goes over a link, tile by tile.</summary>
internal static class MediaCodecRun
{
    private const string Name = "LinkCodec";

    /// <summary>Measures, and verifies the content by taking the segments apart and decoding.</summary>
    /// <param name="input">The file.</param>
    /// <param name="tile">The side of a tile.</param>
    /// <param name="mtu">Bytes of the longest datagram.</param>
    /// <param name="threads">Threads at once; 0 for one a processor.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The figures, the layout, and the coded bytes of each part.</returns>
    /// <exception cref="LinkException">The file did not come back as it was.</exception>
    public static (CodecFigures Figures, CarriedForm Form, long[] PartBytes) Measure(MediaInput input, int tile,
        int mtu, int threads, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        MediaOptions options = new()
        {
            Kind = input.Format is not null ? MessageKind.Samples
                : input.IsSound ? MessageKind.Audio
                : MessageKind.Image,
            Preserve = Preservation.Samples,
            TileSize = tile,
            Samples = input.Format,
        };
        byte[] content = MediaMessage.Carry(input.File, options).ToArray();
        if (!CarriedForm.TryRead(content, out CarriedForm form) || form.PartCount == 0)
        {
            throw new LinkException(LinkErrorCode.Malformed, $"{input.Name} is not carried as samples.");
        }

        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads,
            CancellationToken = cancellationToken,
        };
        ZstdCompressorFactory blocks = new([], "none");
        List<PackedUnit> units = Pack(content, form, SegmentCount.UnitSize(mtu), blocks, parallel);
        watch.Stop();

        SegmentCount segments = new(mtu);
        List<IReadOnlyList<DataFrame>> frames = [.. units.Select(segments.Add)];
        long[] parts = new long[form.PartCount];
        foreach (DataFrame frame in frames.SelectMany(unit => unit))
        {
            parts[PartAt(form, (long)frame.Offset - frame.CodeStart)] += frame.Payload.Length;
        }

        Verify(content, frames, blocks, parallel);
        return (new CodecFigures(Name, segments.PayloadBytes, segments.WireBytes, segments.Segments,
            watch.Elapsed.TotalSeconds), form, parts);
    }

    private static List<PackedUnit> Pack(byte[] content, CarriedForm form, int unitSize, ZstdCompressorFactory factory,
        ParallelOptions parallel)
    {
        MediaBatch batch = new(new OutgoingMessage(0, content), form, 0, form.PartCount, unitSize);
        ConcurrentBag<BlockUnits> idle = [];
        Parallel.For(0, batch.Count, parallel, index =>
        {
            BlockUnits blocks = idle.TryTake(out BlockUnits? free) ? free : new BlockUnits(factory.Create());
            batch.Code(index, blocks);
            idle.Add(blocks);
        });
        foreach (BlockUnits blocks in idle)
        {
            blocks.Dispose();
        }

        MediaPacker packer = new(unitSize);
        List<PackedUnit> units = [];
        foreach (MediaFrame frame in batch.Frames)
        {
            packer.Add(frame, units);
        }

        packer.Close(units);
        return units;
    }

    private static void Verify(byte[] content, List<IReadOnlyList<DataFrame>> frames, ZstdCompressorFactory factory,
        ParallelOptions parallel)
    {
        MediaAssembler codes = new(long.MaxValue, givesUp: false);
        List<IReadOnlyList<DataFrame>> whole = [];
        foreach (IReadOnlyList<DataFrame> unit in frames)
        {
            if (codes.Take(unit, out IReadOnlyList<DataFrame> taken) != LinkErrorCode.None)
            {
                throw new LinkException(LinkErrorCode.Malformed, "The stretches of a media code do not fit together.");
            }

            whole.Add(taken);
        }

        DecodingBatch batch = new(whole);
        using (BlockCompressor compressor = factory.Create())
        {
            batch.RestoreBlocks(compressor);
        }

        Parallel.For(0, batch.MediaCount, parallel, batch.DecodeMedia);
        Verifier verifier = new(Name, [content], (_, message) => message);
        foreach (DecodedFrame frame in batch.Results)
        {
            verifier.Add(frame);
        }

        verifier.Finish();
    }

    // What stands before the samples counts for the first part.
    private static int PartAt(CarriedForm form, long offset)
    {
        int part = 0;
        for (int step = 1 << int.Log2(form.PartCount); step > 0; step >>= 1)
        {
            part += part + step < form.PartCount && form.Part(part + step).Start <= offset ? step : 0;
        }

        return part;
    }
}
