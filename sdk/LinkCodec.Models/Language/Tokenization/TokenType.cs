namespace LinkCodec.Models.Language.Tokenization;

/// <summary>The kinds of tokens, as the encoder tells them apart.</summary>
internal enum TokenType : byte
{
    /// <summary>A token that comes out of merging.</summary>
    Normal = 0,

    /// <summary>A token that spells one byte that merging cannot: a byte of the fallback.</summary>
    Byte = 1,

    /// <summary>A token that is taken whole wherever its bytes stand, before anything is merged.</summary>
    UserDefined = 2,

    /// <summary>A token that stands for no bytes and never comes out of the encoder.</summary>
    Control = 3,
}
