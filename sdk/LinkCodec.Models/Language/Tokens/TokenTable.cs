namespace LinkCodec.Models.Language.Tokens;

/// <summary>A vocabulary as encoder and decoder need it: bytes of tokens, merges by id. Made by VocabularyData or read by TokenFile, which check it.</summary>
internal sealed class TokenTable
{
    /// <summary>More tokens are refused.</summary>
    internal const int MostTokens = 1 << 18;

    /// <summary>More merges are refused.</summary>
    internal const int MostMerges = 1 << 20;

    /// <summary>Bytes of a token at most.</summary>
    internal const int LongestToken = 1024;

    /// <summary>Bytes of all tokens at most.</summary>
    internal const int MostBytes = 1 << 24;

    /// <summary>How tokens write bytes.</summary>
    internal required TokenizerFamily Family { get; init; }

    /// <summary>Where words end.</summary>
    internal required WordPattern Pattern { get; init; }

    /// <summary>The token before a message.</summary>
    internal required int BeginToken { get; init; }

    /// <summary>By id.</summary>
    internal required TokenKind[] Kinds { get; init; }

    /// <summary>Where each token's bytes start in <see cref="Bytes"/>, and at the end where the last one's end.</summary>
    internal required int[] Starts { get; init; }

    /// <summary>The bytes of all tokens, one after the other.</summary>
    internal required byte[] Bytes { get; init; }

    /// <summary>Pairs of tokens that merge into the normal token of their joined bytes, first come first merged.</summary>
    internal required (int Left, int Right)[] Merges { get; init; }

    /// <summary>Tokens.</summary>
    internal int Count => Kinds.Length;

    /// <summary>The bytes of a token.</summary>
    internal ReadOnlySpan<byte> Of(int id) => Bytes.AsSpan(Starts[id]..Starts[id + 1]);
}
