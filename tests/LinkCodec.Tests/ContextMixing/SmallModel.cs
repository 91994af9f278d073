using System.Buffers.Binary;
using System.IO.Compression;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>Models that nobody trained.</summary>
internal static class SmallModel
{
    /// <summary>A profile whose models say nothing.</summary>
    public static MixingProfile Profile(int number, ContentHint hint, int network = -1) => new()
    {
        Number = number,
        Name = $"profile-{number}",
        Hint = hint,
        Network = network,
        IsBinary = hint == ContentHint.Binary,
        Rate = 4,
        StartRate = 16,
    };

    /// <summary>What is compressed in the file of a model of so many such profiles.</summary>
    public static byte[] Content(int profiles) => ContextMixingFile.Content(new MixingModel(
        [.. Enumerable.Range(0, profiles).Select(i => Profile(i, ContentHint.Binary))],
        new byte[ProfileDetector.Buckets * profiles], null));

    /// <summary>A file of any content, compressed fast.</summary>
    public static byte[] Wrap(byte[] content, uint? length = null)
    {
        using MemoryStream output = new();
        output.Write(new byte[4]);
        using (BrotliStream brotli = new(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(content);
        }

        byte[] file = output.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(file, length ?? (uint)content.Length);
        return file;
    }
}
