using System.Globalization;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Compression;

/// <summary>Content that is not worth a prediction, and content that only looks so.</summary>
public sealed class ContentProbeTests
{
    /// <summary>Kinds of content that a model makes smaller.</summary>
    public static TheoryData<string> Shrinking =>
        ["text", "counters", "ramp of 16 bits", "ramp of bytes", "base64", "hexadecimal", "zeros", "records"];

    [Fact]
    public void Random_bytes_are_dense()
    {
        for (ulong seed = 0; seed < 500; seed++)
        {
            Assert.True(ContentProbe.IsDense(Messages.Random(1024, seed)), $"seed {seed}");
        }
    }

    [Fact]
    public void Content_that_is_compressed_already_is_dense()
    {
        byte[] text = [.. Enumerable.Range(0, 3_000).SelectMany(i => Messages.Text(20, (ulong)i))];
        using MemoryStream compressed = new();
        using (System.IO.Compression.BrotliStream brotli = new(compressed,
            System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(text);
        }

        byte[] content = compressed.ToArray()[256..];
        int dense = content.Chunk(1024).Count(part => ContentProbe.IsDense(part));
        Assert.InRange(dense, content.Length / 1024 * 9 / 10, content.Length);
    }

    [Theory]
    [MemberData(nameof(Shrinking))]
    public void Content_that_a_model_makes_smaller_is_not_dense(string kind)
    {
        byte[] content = Content(kind);
        for (int at = 0; at + 1024 <= content.Length; at += 97)
        {
            Assert.False(ContentProbe.IsDense(content.AsSpan(at)), $"{kind} from byte {at}");
        }
    }

    [Fact]
    public void Short_content_tells_too_little()
    {
        for (int length = 0; length < ContentProbe.Least; length += 31)
        {
            Assert.False(ContentProbe.IsDense(Messages.Random(length, (ulong)length)));
        }

        Assert.False(ContentProbe.IsDense(Messages.Random(ContentProbe.Least - 1, 1)));
    }

    private static byte[] Content(string kind) => kind switch
    {
        "text" => Messages.Text(3_000, 1),
        "counters" => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * 7919:D8},")))),
        "ramp of 16 bits" => [.. Enumerable.Range(0, 3_000).SelectMany(i => BitConverter.GetBytes((ushort)(i * 3)))],
        "ramp of bytes" => [.. Enumerable.Range(0, 3_000).Select(i => (byte)i)],
        "base64" => Encoding.ASCII.GetBytes(Convert.ToBase64String(Messages.Random(3_000, 2))),
        "hexadecimal" => Encoding.ASCII.GetBytes(Convert.ToHexString(Messages.Random(3_000, 3))),
        "zeros" => new byte[3_000],
        "records" => TestMessages.Records(300),
        _ => throw new ArgumentException(kind),
    };
}
