namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>The function between the two halves of a feed-forward block.</summary>
internal enum Activation
{
    /// <summary>The SiLU: x times its logistic sigmoid, multiplied by a second row (gated).</summary>
    Silu,

    /// <summary>GELU by its usual approximation with tanh.</summary>
    GeluTanh,

    /// <summary>The exact GELU: x times the normal distribution's function of x.</summary>
    Gelu,
}
