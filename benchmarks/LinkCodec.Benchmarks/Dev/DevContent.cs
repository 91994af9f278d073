using System.Security.Cryptography;
using LinkCodec.ModelBuilder.Training;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>A file of the development data, taken apart.</summary>
/// <param name="File">The file's bytes.</param>
/// <param name="Pieces">The file's messages in their order, cut.</param>
/// <param name="Ends">The place in the file where each piece ends, with what ends its message.</param>
internal sealed record DevContent(byte[] File, List<byte[]> Pieces, List<int> Ends)
{
    /// <summary>What the file holds, for the keys of results.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(File))[..16];

    /// <summary>The pieces that are coded cold.</summary>
    public List<byte[]> Draw(int sample)
    {
        if (sample == 0)
        {
            return Pieces;
        }

        List<byte[]> drawn = [.. Pieces];
        new PythonRandom(DevOptions.Seed).Shuffle(drawn);
        return [.. drawn.Take(sample)];
    }

    /// <summary>The number of pieces that the first kilobytes of the file hold, at least one; 0: all.</summary>
    public int Count(int kilobytes) =>
        kilobytes == 0 ? Pieces.Count : Math.Max(1, Ends.TakeWhile(end => end <= kilobytes * 1000L).Count());
}
