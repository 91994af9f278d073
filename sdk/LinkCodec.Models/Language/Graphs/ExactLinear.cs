namespace LinkCodec.Models.Language.Graphs;

/// <summary>A matrix of bytes with a scale for each column, and the activations that it meets.</summary>
/// <param name="Name">The name of the matrix's tensors, before the dot.</param>
/// <param name="Inputs">The number of rows.</param>
/// <param name="Outputs">The number of columns.</param>
/// <param name="HasBias">Whether there is a tensor ".b".</param>
internal sealed record ExactLinear(string Name, int Inputs, int Outputs, bool HasBias)
{
    /// <summary>Largest activation: 63 or 127.</summary>
    internal int Activations { get; init; } = ExactMath.Narrow;

    /// <summary>The number of the first columns that come out in steps of the activation's table.</summary>
    internal int Stepped { get; init; }
}
