using System.Text;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// English texts of a file, drawn as the study drew them with Python: <c>random.Random(1)</c>, <c>randrange(len -
/// n)</c>, <c>decode('utf8', 'ignore')</c>.
/// </summary>
internal static class StudyText
{
    /// <summary>Bytes of a message.</summary>
    public const int MessageBytes = 500;

    /// <summary>Tokens that a stretch begins with, uncounted.</summary>
    public const int ContextTokens = 512;

    private const int StretchBytes = 4500;
    private static readonly Encoding Lenient = Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback,
        new DecoderReplacementFallback(""));

    /// <summary>Messages of at most 500 bytes.</summary>
    public static List<byte[]> Messages(byte[] file, int count) => Draw(file, count, MessageBytes);

    /// <summary>Stretches of at most 4,500 bytes.</summary>
    public static List<byte[]> Stretches(byte[] file, int count) => Draw(file, count, StretchBytes);

    /// <summary>
    /// The shortest beginning of 512 tokens or more that by itself is cut into the same tokens; empty where there is
    /// none.
    /// </summary>
    public static byte[] Beginning(ITokenizer tokens, byte[] stretch)
    {
        List<int> all = [];
        tokens.Encode(stretch, all);
        int bytes = 0;
        for (int count = 0; count < all.Count; count++)
        {
            List<int> alone = [];
            if (count >= ContextTokens)
            {
                tokens.Encode(stretch.AsSpan(0, bytes), alone);
                if (alone.SequenceEqual(all[..count]))
                {
                    return stretch[..bytes];
                }
            }

            bytes += tokens.Bytes(all[count]).Length;
        }

        return [];
    }

    /// <summary>Tokens of a message.</summary>
    public static int Count(ITokenizer tokens, byte[] message)
    {
        List<int> all = [];
        tokens.Encode(message, all);
        return all.Count;
    }

    private static List<byte[]> Draw(byte[] file, int count, int length)
    {
        PythonRandom random = new(DevOptions.Seed);
        List<byte[]> drawn = [];
        for (int i = 0; i < count; i++)
        {
            int at = (int)random.Below((uint)Math.Max(1, file.Length - length));
            drawn.Add(Encoding.UTF8.GetBytes(Lenient.GetString(file, at, Math.Min(length, file.Length - at))));
        }

        return drawn;
    }
}
