using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Vocabularies as JSON: refused in one line, or good for a round trip and for a file that reads back.
/// </summary>
internal static class TokenizerJsonFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        TokenTable table;
        try
        {
            table = TokenizerJsonReader.Read(data.ToArray(), "fuzz").ToTable();
        }
        catch (LinkException e)
        {
            if (e.Message.Contains('\n') || e.Message.Contains('\r'))
            {
                throw new InvalidOperationException("more than one line");
            }

            return;
        }

        TokenFileFuzz.RoundTrip(TokenizerFile.Read(TokenizerFile.Write(table), "fuzz"), data);
    }
}
