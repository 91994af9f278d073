namespace LinkCodec.Models.Language.Graphs;

/// <summary>The ways in which a graph multiplies. The first three give the same bits from the same store.</summary>
internal enum GraphForm
{
    /// <summary>Unsigned activations against signed weights: the fast form of x86 and ARM.</summary>
    UInt8,

    /// <summary>
    /// Signed activations, and only operators that CUDA has kernels for. The matrices are part of the graph.
    /// </summary>
    Int8,

    /// <summary>
    /// Integers as floats, where the sums of every column stay exact; the rest as <see cref="Int8"/>.
    /// </summary>
    Float,

    /// <summary>
    /// Ordinary float arithmetic from a store of float matrices, for calibration and comparison: its last bits differ
    /// from machine to machine.
    /// </summary>
    Reference,
}
