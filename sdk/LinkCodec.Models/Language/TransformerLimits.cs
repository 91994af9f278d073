namespace LinkCodec.Models.Language;

/// <summary>The largest networks that are run: what a hostile shape can ask for.</summary>
/// <remarks>
/// Integer sums stay below 2^31: the widest rows times 255 times 127, and a window of weights of 127 times 127.
/// </remarks>
internal static class TransformerLimits
{
    /// <summary>Numbers of a residual row.</summary>
    internal const int Width = 16_384;

    /// <summary>The most blocks.</summary>
    internal const int Layers = 256;

    /// <summary>Query heads.</summary>
    internal const int Heads = 256;

    /// <summary>Numbers of a head.</summary>
    internal const int HeadWidth = 512;

    /// <summary>Numbers between the two matrices of the feed-forward block.</summary>
    internal const int FeedForwardWidth = 65_536;

    /// <summary>Tokens that a graph has logits for; the predictor takes fewer.</summary>
    internal const int Vocabulary = 1 << 18;

    /// <summary>Positions of a row.</summary>
    internal const int Window = 8192;

    /// <summary>The end of the activation's table.</summary>
    internal const int ActivationRange = 1024;

    /// <summary>Largest scale, bias, gain or table entry: no row of finite numbers leaves the finite ones.</summary>
    internal const float Magnitude = 4096;
}
